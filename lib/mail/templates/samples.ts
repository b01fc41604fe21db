import { DAY_MS, HOUR_MS } from "@/lib/core/durations/rules";
import type { MailValues } from "../schema";

const origin = {
  address: "203.0.113.7",
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
};
const link = (path: string) => `http://localhost:3000${path}?token=${path.slice(1, 2).repeat(43)}`;

/** Returns sample values for every kind of mail written at `now`; the preview shows them, and the tests send them. */
export function sampleValues(now: Date): MailValues {
  const after = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const at = after(0);
  const lock = { attempts: 5, lockedAt: at, lockedUntil: after(HOUR_MS / 2), ...origin };
  return {
    activation: { name: "Ada", activationUrl: link("/activate"), expiresAt: after(DAY_MS) },
    "account-activated": { name: "Ada", activatedAt: at, ...origin },
    "password-reset": {
      name: "Ada",
      resetUrl: link("/reset-password"),
      expiresAt: after(DAY_MS),
      ...origin,
    },
    "password-reset-forced": { name: "Ada", resetUrl: link("/reset-password"), expiresAt: after(HOUR_MS) },
    "password-changed": { name: "Ada", changedAt: at, endedAll: true, ...origin },
    "email-changed": {
      name: "Ada",
      oldEmail: "ada@example.com",
      newEmail: "ada@example.org",
      changedAt: at,
    },
    "password-expires-soon": { name: "Ada", expiresAt: after(7 * DAY_MS), daysLeft: 7 },
    "account-locked": { email: "ada@example.org", ...lock },
    "account-locked-owner": {
      name: "Ada",
      ...lock,
      unlockUrl: link("/unlock"),
      linkExpiresAt: after(HOUR_MS / 2),
    },
    test: { requestedBy: "ops@example.org", requestedAt: at },
  };
}
