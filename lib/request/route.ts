import "server-only";
import { z } from "zod";
import { type Anonymous, type Person, requireAdministrator } from "@/lib/core/actor";
import { isDatabaseAway, Refusal } from "@/lib/core/errors";
import { fieldErrorsOf } from "@/lib/core/field-errors";
import { log } from "@/lib/core/log";
import { originOf } from "@/lib/core/origin";
import { authenticateBearer, type BearerAccount } from "@/lib/sessions/service/bearer";
import type { Access, Contract, PlainAnswer } from "./contract";
import { EMPTY_HEADER } from "./empty-answer";
import { readJson } from "./json-body";
import { tellingRefusals } from "./refused";
import { errorResponse, RestError, type RestErrorName } from "./rest-errors";

type Route = (request: Request, context: { params: Promise<object> }) => Promise<Response>;
type Methods = Record<(typeof METHODS)[number], Route>;

/** What a contract leaves of a request: who calls, with what. */
type Call<A extends Access, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  actor: A extends "anyone" ? Anonymous : Person;
  /** What the token was checked against. */
  account: A extends "anyone" ? null : BearerAccount;
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
};
/** Text for "text", an address for "redirect". */
type Answer<R> = R extends z.ZodType ? z.input<R> : R extends "nothing" ? unknown : string;

/** One method of a route: the verb between a request that fits the contract and an answer that does. */
type Served = { contract: Contract; route: Route };

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const RETRY_AFTER_SECONDS = 5;
const SEE_OTHER = 303;

/** Translates between a REST call and a verb; expected failures are thrown as RestError, the verb's own as it throws them. */
export function serve<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType | PlainAnswer,
>(
  contract: Contract<A, P, Q, B, R>,
  act: (call: Call<A, P, Q, B>) => Promise<Answer<R>> | Answer<R>,
): Served {
  const route: Route = async (request, context) => {
    const caller = await callerOf(request, contract.access);
    return tellingRefusals(
      `${contract.method} ${contract.path}`,
      () => caller.actor,
      async () => {
        if (contract.access === "administrator") requireAdministrator(caller.actor);
        const { searchParams } = new URL(request.url);
        const call = {
          ...caller,
          params: contract.params && fitting(contract, contract.params, await context.params),
          query: contract.query && fitting(contract, contract.query, fieldsOf(searchParams)),
          body: contract.body && fitting(contract, contract.body, await readJson(request)),
        };
        return respond(contract, await act(call as Call<A, P, Q, B>));
      },
    );
  };
  return { contract: contract as unknown as Contract, route };
}

/** A route's exports: what it serves, and our own answer to every other method. */
export function routes(...served: Served[]): Methods {
  const byMethod = new Map<string, Route>(served.map(({ contract, route }) => [contract.method, route]));
  const get = served.find(({ contract }) => contract.method === "GET" && !contract.isUnsafe);
  if (get) byMethod.set("HEAD", get.route);
  return everyMethod(byMethod);
}

/** The exports of a route that is looked at and no call: it has no contract, and knows no caller. */
export function lookedAt(look: (request: Request) => Promise<Response>): Methods {
  const entries = ["GET", "HEAD"].map((method) => [method, look] as const);
  return everyMethod(new Map(entries));
}

/** Every method's answer where there is no route. */
export function noRoute(): Methods {
  return forEach(async () => errorResponse("not-found"));
}

function everyMethod(byMethod: ReadonlyMap<string, Route>): Methods {
  const allow = [...byMethod.keys()].join(", ");
  const refuse: Route = async () => errorResponse("wrong-method", { allow });
  return forEach((request, context) => (byMethod.get(request.method) ?? refuse)(request, context));
}

function forEach(route: Route): Methods {
  return Object.fromEntries(METHODS.map((method) => [method, answered(route)])) as Methods;
}

const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Who calls, by token alone: a browser's cookie counts for nothing here. @throws RestError */
async function callerOf(
  request: Request,
  access: Access,
): Promise<{ actor: Person; account: BearerAccount } | { actor: Anonymous; account: null }> {
  const { headers } = request;
  const origin = originOf(headers);
  if (access === "anyone") return { actor: { kind: "anonymous", ...origin }, account: null };
  const given = headers.get("x-authorization") ?? headers.get("authorization");
  const token = BEARER.exec(given ?? "")?.[1];
  if (!token) throw new RestError("unauthenticated");
  const result = await authenticateBearer(token, origin);
  if (!result.ok) throw new RestError(result.code);
  const { person, account } = result;
  return { actor: person, account };
}

/** A query as an object; what is given twice becomes a list, which no schema takes. */
function fieldsOf(query: URLSearchParams): Record<string, string | string[]> {
  const names = new Set(query.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const values = query.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

function fitting<S extends z.ZodType>(
  { invalid = "bad-request" }: { invalid?: RestErrorName },
  schema: S,
  input: unknown,
): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  if (invalid !== "bad-request") throw new RestError(invalid);
  throw new RestError("bad-request", { fieldErrors: fieldErrorsOf(parsed.error) });
}

function respond({ answer, answerType }: Pick<Contract, "answer" | "answerType">, value: unknown): Response {
  const headers = { "Cache-Control": "no-store" };
  // What does not stand in the schema does not leave the house.
  if (answer instanceof z.ZodType)
    return Response.json(answer.parse(value), {
      headers: { ...headers, ...(answerType && { "Content-Type": `${answerType}; charset=utf-8` }) },
    });
  if (answer === "nothing") return new Response(null, { headers: { ...headers, [EMPTY_HEADER]: "1" } });
  if (answer === "text")
    return new Response(String(value), {
      headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" },
    });
  return new Response(null, {
    status: SEE_OTHER,
    headers: { ...headers, [EMPTY_HEADER]: "1", Location: String(value) },
  });
}

function answered(route: Route): Route {
  return async (request, context) => {
    try {
      return await route(request, context);
    } catch (error) {
      return failure(error, request);
    }
  };
}

function failure(error: unknown, request: Request): Response {
  if (error instanceof RestError) return errorResponse(error.code, error.details);
  if (error instanceof Refusal) {
    switch (error.code) {
      case "overloaded":
        return errorResponse("unavailable", { retryAfterSeconds: error.retryAfterSeconds });
      case "unauthenticated":
        // Between the check of the token and the verb, the account has gone.
        return errorResponse("token-expired");
      default:
        return errorResponse("forbidden");
    }
  }
  const code = isDatabaseAway(error) ? "unavailable" : "unexpected";
  const { requestId } = originOf(request.headers);
  log().error({ event: "rest-call-failed", requestId, code, err: error });
  return errorResponse(code, code === "unavailable" ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {});
}
