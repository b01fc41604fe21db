import type { Verbs } from "@/tests/support/worker";
import { expect, test as prepared } from "../../fixtures/test";
import type { Answer } from "./api-document";
import { outcome, type RequestOptions, RestClient } from "./rest-client";

type Wanted = NonNullable<Parameters<Verbs["makeUser"]>[0]>;

/** An account with the tokens of a REST login. */
export type SignedIn = {
  id: string;
  email: string;
  password: string;
  sessionId: string;
  token: string;
  refreshToken: string;
};

/** The tools that a row's functions receive. */
export type RestTools = {
  rest: RestClient;
  arrange: <V extends keyof Verbs>(
    verb: V,
    ...args: Parameters<Verbs[V]>
  ) => Promise<Awaited<ReturnType<Verbs[V]>>>;
  sql: <Row extends object>(text: string, ...values: unknown[]) => Promise<Row[]>;
  url: string;
  /** Makes an account and logs it in. @param now the time of the login */
  signedIn: (wanted?: Wanted, now?: Date) => Promise<SignedIn>;
  /** Makes a link for a new account; with `isExpired`, one that was made long ago. */
  linkFor: (
    purpose: "ACTIVATION" | "PASSWORD_RESET",
    options?: { isExpired?: boolean },
  ) => Promise<{ id: string; email: string; secret: string }>;
};

/** A request; `path` replaces an address with parameters, `query` includes its question mark. */
type RowRequest = RequestOptions & { path?: string; query?: string };

/** One request and the expected answer. */
export type Row = Readonly<{
  what: string;
  ask: (tools: RestTools) => RowRequest | Promise<RowRequest>;
  answer: readonly [status: number, errorCode: number | null];
  /** Further checks after the answer. */
  after?: (answer: Answer, tools: RestTools) => void | Promise<void>;
}>;

/** The rows of each call, by its name: `POST /api/auth/login`. */
export type Rows = Readonly<Record<string, readonly Row[]>>;

export const test = prepared.extend<{ tools: RestTools; rest: RestClient }>({
  rest: async ({ arrange: _, product }, use) => {
    const rest = await RestClient.of(product);
    await use(rest);
    await rest.expectLogged();
  },
  tools: async ({ arrange, product, rest, sql }, use) => {
    await use({
      rest,
      arrange,
      sql,
      url: product.url,
      async signedIn(wanted = {}, now = new Date()) {
        const user = await arrange("makeUser", wanted);
        const { token, refreshToken, sessionId } = await arrange("loggedIn", user, { kind: "REST", now });
        rest.keepSecret(token);
        rest.keepSecret(refreshToken ?? "");
        const { id, email, password } = user;
        return { id, email, password, sessionId, token, refreshToken: refreshToken ?? "" };
      },
      async linkFor(purpose, { isExpired = false } = {}) {
        const { id, email } = await arrange("makeUser", purpose === "ACTIVATION" ? { state: "INVITED" } : {});
        const { secret } = await arrange("makeLink", id, purpose, new Date(isExpired ? 0 : Date.now()));
        rest.keepSecret(secret);
        return { id, email, secret };
      },
    });
  },
});

/** Sends the requests of a call's rows in order, and checks each answer. */
export async function runRows(call: string, rows: readonly Row[], tools: RestTools): Promise<void> {
  const [method = "", address = ""] = call.split(" ");
  for (const { what, ask, answer, after } of rows) {
    await test.step(`${call}: ${what}`, async () => {
      const { path = address, query = "", ...asked } = await ask(tools);
      const got = await tools.rest.call(method, path + query, asked);
      expect(outcome(got), `${call}: ${what}: ${got.body}`).toEqual(answer);
      await after?.(got, tools);
    });
  }
}

export { expect, outcome };
