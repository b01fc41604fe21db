import type { MailValues } from "../schema";

const AT = "2026-11-24T09:15:00.000Z";
const LATER = "2026-11-24T09:45:00.000Z";
const origin = {
  address: "203.0.113.7",
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
};
const lock = { attempts: 5, lockedAt: AT, lockedUntil: LATER, ...origin };
const link = (path: string) => `http://localhost:3000${path}?token=${path.slice(1, 2).repeat(43)}`;

/** Values for every kind of mail, as the preview shows them and the tests send them. */
export const sampleValues: MailValues = {
  activation: { name: "Ada", activationUrl: link("/activate"), expiresAt: "2026-11-25T09:15:00.000Z" },
  "account-activated": { name: "Ada", activatedAt: AT, ...origin },
  "password-reset": {
    name: "Ada",
    resetUrl: link("/reset-password"),
    expiresAt: "2026-11-25T09:15:00.000Z",
    ...origin,
  },
  "password-reset-forced": { name: "Ada", resetUrl: link("/reset-password"), expiresAt: LATER },
  "password-changed": { name: "Ada", changedAt: AT, ...origin },
  "email-changed": {
    name: "Ada",
    oldEmail: "ada@example.com",
    newEmail: "ada@example.org",
    changedAt: AT,
  },
  "password-expires-soon": { name: "Ada", expiresAt: "2026-12-01T09:15:00.000Z", daysLeft: 7 },
  "account-locked": { email: "ada@example.org", ...lock },
  "account-locked-owner": { name: "Ada", ...lock, unlockUrl: link("/unlock") },
  test: { requestedBy: "ops@example.org", requestedAt: AT },
};
