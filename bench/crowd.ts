// The verbs over a database with a crowd in it, in a process of its own.
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
import { type ListName, lists, numberedPages, type PageName, type Somebody } from "./crowd-queries";
import { insertCrowd } from "./crowd-rows";
import { runLoad } from "./load";
import { serveJobs } from "./worker-process";

/** Who is looked for and who logs in: so many, chosen by chance. */
const SAMPLE = 2_000;

let admin: Person;
let people: readonly Somebody[] = [];
let able: readonly Somebody[] = [];

const oneOf = (some: readonly Somebody[], number: number) => {
  const somebody = some[number % some.length];
  if (!somebody) throw new Error("There is nobody in the crowd.");
  return somebody;
};

/** With a connection of its own, which nothing hurries. */
async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function drawPeople(client: pg.Client, where: string): Promise<Somebody[]> {
  const { rows } = await client.query<Somebody>(`
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

export const crowdJobs = {
  /** Makes the settings and the crowd. @returns how many seconds the crowd took */
  async make({ users }: { users: number }): Promise<number> {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: null } });
    const hash = await hashPassword(PASSWORD);
    const begun = performance.now();
    await withClient((client) => insertCrowd(client, users, hash));
    const seconds = (performance.now() - begun) / 1000;
    admin = await administrator();
    people = await withClient((client) => drawPeople(client, "TRUE"));
    able = await withClient((client) =>
      drawPeople(client, "state = 'ACTIVE' AND (locked_at IS NULL OR locked_until < now())"),
    );
    return seconds;
  },
  /** Logs in one after the other, each time somebody else. */
  logIn: ({ ms }: { ms: number }) =>
    runLoad(1, ms, async (number) => {
      const { email } = oneOf(able, Math.floor(Math.random() * SAMPLE) + number);
      const result = await logIn(anonymous(), { email, password: PASSWORD, kind: "REST" });
      if (!result.ok) throw new Error(`A right login was answered with ${result.code}.`);
    }),
  /** How long the list takes, in milliseconds; each time another one of its kind. */
  list: ({ name, samples }: { name: ListName; samples: number }) =>
    timesOf(samples, (number) => listUsers(admin, lists[name](oneOf(people, number), number))),
  /** The same for the numbered pages of the REST API. */
  page: ({ name, samples }: { name: PageName; samples: number }) =>
    timesOf(samples, (number) => pageUsers(admin, numberedPages[name](oneOf(people, number), number))),
};

serveJobs(crowdJobs, closeDatabase);
