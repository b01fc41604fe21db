import { z } from "zod";
import { contract } from "@/lib/request/contract";

export const deepLinkCall = contract({
  method: "GET",
  path: "/api/mobile/qr/deepLink",
  summary:
    "A link for a QR code, whose secret logs an app in as the caller: once, within two minutes. Earlier links stop working.",
  access: "person",
  answer: z.url().meta({
    examples: [
      `https://gatehouse.example.org/api/noauth/qr?secret=${"x".repeat(64)}&ttl=2&host=https%3A%2F%2Fgatehouse.example.org`,
    ],
  }),
  answerType: "text/plain",
  errors: ["password-expired", "too-many-requests"],
  isUnsafe: true,
});
