import type { Area } from "@/lib/request/openapi";

/**
 * The areas of the API. `segments` lists the path segments after `/api/`; the last area takes the calls that match no
 * other.
 */
export const areas: readonly [Area, ...Area[]] = [
  {
    name: "Login and tokens",
    segments: ["auth"],
    first: ["/api/auth/login", "/api/auth/token", "/api/auth/user"],
    description: "Log in, keep the tokens alive, and end the session.",
  },
  {
    name: "Without a token",
    segments: ["noauth"],
    description: "For whoever is not logged in: the rules for passwords, and the links that are mailed.",
  },
  {
    name: "Settings",
    segments: ["admin"],
    description: "The security settings of the platform. What is saved is in effect at once.",
  },
  {
    name: "Users",
    segments: ["user", "users"],
    first: ["/api/users", "/api/user", "/api/user/{id}"],
    description: "Accounts, their activation links, and who may log in.",
  },
  { name: "Mobile", segments: ["mobile"], description: "Logging in on a phone with a code that it scans." },
  { name: "This description", segments: [], description: "The description of the calls, as OpenAPI 3.1." },
];
