// Runs the login verb in a separate process, on the database of the running server.
import { logIn } from "@/lib/auth/service/log-in";
import { closeDatabase } from "@/lib/core/db";
import { hashPassword } from "@/lib/password/hash";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { type MadeUser, makeSettings, makeUser, PASSWORD } from "@/tests/support/accounts";
import { anonymous } from "@/tests/support/actors";
import { resetRateLimits } from "@/tests/support/database";
import { runLoad } from "./load";
import { newAddress } from "./new-address";
import { listStatements } from "./statements";
import { shuffled } from "./statistics";
import { unknownEmail } from "./unknown-email";
import { serveJobs } from "./worker-process";

/** The kinds of logins whose response times must be indistinguishable. */
const kinds = ["unknown", "wrong", "invited", "disabled", "locked"] as const;
export type Kind = (typeof kinds)[number];

const DAY_MS = 86_400_000;
const CHUNK = 8;

let emails: string[] = [];

async function makeUsers(count: number, wanted: Parameters<typeof makeUser>[0] = {}): Promise<MadeUser[]> {
  const made: MadeUser[] = [];
  while (made.length < count) {
    const size = Math.min(CHUNK, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: size }, () => makeUser(wanted)))));
  }
  return made;
}

async function makeMany(count: number, wanted: Parameters<typeof makeUser>[0] = {}): Promise<string[]> {
  return (await makeUsers(count, wanted)).map(({ email }) => email);
}

const unknownEmails = (count: number) => Array.from({ length: count }, unknownEmail);

async function logInAs(email: string, password = PASSWORD) {
  return logIn(anonymous(newAddress()), { email, password, kind: "BROWSER" });
}

async function logInRightly(number: number): Promise<void> {
  const result = await logInAs(emails[number % emails.length] ?? "");
  if (!result.ok) throw new Error(`A right login was answered with ${result.code}.`);
}

/** Times one login of each kind in milliseconds, in random order. */
async function timeOneOfEach(accounts: Record<Kind, string>): Promise<Record<Kind, number>> {
  const times = {} as Record<Kind, number>;
  for (const kind of shuffled(kinds)) {
    const password = kind === "wrong" ? `${PASSWORD}!` : PASSWORD;
    const begun = performance.now();
    const result = await logInAs(accounts[kind], password);
    times[kind] = performance.now() - begun;
    if (result.ok || result.code !== "refused")
      throw new Error(`A login of the kind ${kind} was not refused.`);
  }
  return times;
}

export const verbJobs = {
  /** Switches off the rate limit of a network address, for loads that come from one address. */
  allowAnyRate: (_: null) => makeSettings({ general: { loginAttemptsPerAddressPerMinute: null } }),
  /** Creates the accounts that log in, each time from a new address, whose attempts are counted as by default. */
  async prepare({ accounts }: { accounts: number }) {
    await makeSettings({ general: generalPolicyDefaults });
    emails = await makeMany(accounts);
    return { emails, password: PASSWORD, hash: await hashPassword(PASSWORD) };
  },
  /** Creates accounts for a single measurement. */
  async makeAccounts({ count }: { count: number }) {
    const users = await makeUsers(count);
    return { ids: users.map(({ id }) => id), emails: users.map(({ email }) => email), password: PASSWORD };
  },
  /** Logs in with the right password, each time to another account. */
  logIn: ({ parallel, ms }: { parallel: number; ms: number }) => runLoad(parallel, ms, logInRightly),
  /** Lists the statements of one login. */
  traceLogIn: (_: null) => listStatements(() => logInRightly(0)),
  /** Times refused logins sequentially. No account is tried twice, so that none gets locked. */
  async timeRefusals({ samples }: { samples: number }): Promise<Record<Kind, number[]>> {
    const lockedAt = new Date();
    const accounts: Record<Kind, string[]> = {
      unknown: unknownEmails(samples),
      wrong: await makeMany(samples),
      invited: await makeMany(samples, { state: "INVITED" }),
      disabled: await makeMany(samples, { state: "DISABLED" }),
      locked: await makeMany(samples, { lockedAt, lockedUntil: new Date(lockedAt.getTime() + DAY_MS) }),
    };
    const times: Record<Kind, number[]> = { unknown: [], wrong: [], invited: [], disabled: [], locked: [] };
    for (let sample = 0; sample < samples; sample += 1) {
      const block = {} as Record<Kind, string>;
      for (const kind of kinds) block[kind] = accounts[kind][sample] ?? "";
      const taken = await timeOneOfEach(block);
      for (const kind of kinds) times[kind].push(taken[kind]);
    }
    return times;
  },
  /** Creates the accounts for "Forgot your password?", each to be used once. */
  async makeResetAccounts({ samples }: { samples: number }) {
    return {
      unknown: unknownEmails(samples),
      known: await makeMany(samples),
      invited: await makeMany(samples, { state: "INVITED" }),
      disabled: await makeMany(samples, { state: "DISABLED" }),
    };
  },
  resetRateLimits: (_: null) => resetRateLimits(),
};

serveJobs(verbJobs, closeDatabase);
