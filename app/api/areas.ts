import type { Area } from "@/lib/request/openapi";

/** The areas of the API. */
export const areas: readonly Area[] = [
  {
    name: "Login and tokens",
    segments: ["auth"],
    first: ["/api/auth/login", "/api/auth/token", "/api/auth/user"],
    description: "Log in, refresh the tokens, and end the session.",
  },
  {
    name: "Without a token",
    segments: ["noauth"],
    description: "For people who are not logged in: the password policy, and the links that are mailed.",
  },
  {
    name: "Settings",
    segments: ["admin"],
    description: "The security settings of the platform. Changes take effect at once.",
  },
  {
    name: "Users",
    segments: ["user", "users"],
    first: ["/api/users", "/api/user", "/api/user/{id}"],
    description: "Accounts, their activation links, and who can log in.",
  },
  { name: "Mobile", segments: ["mobile"], description: "Log in on a phone by scanning a code." },
  { name: "System", segments: ["system"], description: "What programs find out about the server." },
  {
    name: "This description",
    segments: ["openapi.json"],
    description: "The description of the calls, as OpenAPI 3.1.",
  },
];
