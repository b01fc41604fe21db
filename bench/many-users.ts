// Runs the verbs on a database with many accounts, in a separate process.
import pg from "pg";
import { logIn } from "@/lib/auth/service/log-in";
import type { Person } from "@/lib/core/actor";
import { closeDatabase } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { hashPassword } from "@/lib/password/hash";
import { listUsers } from "@/lib/users/service/list-users";
import { pageUsers } from "@/lib/users/service/page-users";
import { makeSettings, PASSWORD } from "@/tests/support/accounts";
import { administrator, anonymous } from "@/tests/support/actors";
import { runLoad } from "./load";
import { type ListName, lists, numberedPages, type PageName, type SampleUser } from "./many-users-queries";
import { insertUsers } from "./many-users-rows";
import { serveJobs } from "./worker-process";

/** How many random accounts are searched for, and log in. */
const SAMPLE = 2_000;

let admin: Person;
let sampleUsers: readonly SampleUser[] = [];
let activeUsers: readonly SampleUser[] = [];

const oneOf = (some: readonly SampleUser[], number: number) => {
  const user = some[number % some.length];
  if (!user) throw new Error("There is no account in the sample.");
  return user;
};

/** Runs work on a separate connection, without the pool's timeouts. */
async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function drawSample(client: pg.Client, where: string): Promise<SampleUser[]> {
  const { rows } = await client.query<SampleUser>(`
    SELECT id, email, email_key AS "emailKey", first_name AS "firstName", last_name AS "lastName",
           created_at AS "createdAt", last_login_at AS "lastLoginAt"
    FROM users WHERE ${where} ORDER BY random() LIMIT ${SAMPLE}`);
  return rows;
}

async function timesOf(samples: number, work: (number: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let number = 0; number < samples; number += 1) {
    const begun = performance.now();
    await work(number);
    times.push(performance.now() - begun);
  }
  return times;
}

export const manyUsersJobs = {
  /** Creates the settings and the accounts. @returns how many seconds the accounts took */
  async make({ users }: { users: number }): Promise<number> {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: null } });
    const hash = await hashPassword(PASSWORD);
    const begun = performance.now();
    await withClient((client) => insertUsers(client, users, hash));
    const seconds = (performance.now() - begun) / 1000;
    admin = await administrator();
    sampleUsers = await withClient((client) => drawSample(client, "TRUE"));
    activeUsers = await withClient((client) =>
      drawSample(client, "state = 'ACTIVE' AND (locked_at IS NULL OR locked_until < now())"),
    );
    return seconds;
  },
  /** Logs in sequentially, each time with an account drawn at random. */
  logIn: ({ ms }: { ms: number }) =>
    runLoad(1, ms, async (number) => {
      const { email } = oneOf(activeUsers, Math.floor(Math.random() * SAMPLE) + number);
      const result = await logIn(anonymous(), { email, password: PASSWORD, kind: "REST" });
      if (!result.ok) throw new Error(`A right login was answered with ${result.code}.`);
    }),
  /** Times a list in milliseconds, each time with other parameters of its kind. */
  list: ({ name, samples }: { name: ListName; samples: number }) =>
    timesOf(samples, (number) => listUsers(admin, lists[name](oneOf(sampleUsers, number), number))),
  /** Does the same for the numbered pages of the REST API. */
  page: ({ name, samples }: { name: PageName; samples: number }) =>
    timesOf(samples, (number) => pageUsers(admin, numberedPages[name](oneOf(sampleUsers, number), number))),
};

serveJobs(manyUsersJobs, closeDatabase);
