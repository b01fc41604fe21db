import "server-only";
import { z } from "zod";
import {
  type Actor,
  type Anonymous,
  type Person,
  requireAdministrator,
  requirePerson,
} from "@/lib/core/actor";
import { passesByItself, Refusal, type RefusalCode } from "@/lib/core/errors";
import { fieldErrorsOf } from "@/lib/core/field-errors";
import { log } from "@/lib/core/log";
import { EMPTY_HEADER, originOf } from "@/lib/core/origin";
import { authenticateBearer, type BearerAccount } from "@/lib/sessions/service/bearer";
import type { Access, Contract, PlainAnswer } from "./contract";
import { readJson } from "./json-body";
import { fieldsOf } from "./query-fields";
import { recordingForbidden } from "./refused";
import { errorResponse, RestError, type RestErrorName } from "./rest-errors";
import { changeInTurn } from "./turns";

type Route = (request: Request, context: { params: Promise<object> }) => Promise<Response>;
type Methods = Record<(typeof METHODS)[number], Route>;

/** A request after its contract has been applied: the caller, and the parsed input. */
type Call<A extends Access, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  actor: A extends "anyone" ? Anonymous : Person;
  /** The account that the token was checked against. */
  account: A extends "anyone" ? null : BearerAccount;
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
};
/** What `act` returns: a value for the contract's schema, a text for "text", a URL for "redirect". */
type Answer<R> = R extends z.ZodType ? z.input<R> : R extends "nothing" ? unknown : string;

/** One method of a route: its contract, and the handler that checks request and answer against it. */
type Served = { contract: Contract; route: Route };

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const RETRY_AFTER_SECONDS = 5;
const SEE_OTHER = 303;

/**
 * Creates the handler of a REST call: it authenticates the caller, parses the input, calls `act` and writes its answer.
 * @param act calls the verb; throws RestError for an expected failure, and lets a verb's Refusal pass
 */
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
    return recordingForbidden(
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
        if (isSafe(contract)) return respond(contract, await act(call as Call<A, P, Q, B>));
        const change = (actor: Actor) => {
          if (contract.access !== "anyone") requirePerson(actor);
          return act(call as Call<A, P, Q, B>);
        };
        return respond(contract, await changeInTurn(caller.actor, change));
      },
    );
  };
  return { contract: contract as unknown as Contract, route };
}

/** Whether a call changes nothing. */
const isSafe = ({ method, isUnsafe }: Pick<Contract, "method" | "isUnsafe">) => method === "GET" && !isUnsafe;

/** Returns a route's exports: the served methods (HEAD beside a safe GET), and a 405 answer for every other method. */
export function routes(...served: Served[]): Methods {
  const byMethod = new Map<string, Route>(served.map(({ contract, route }) => [contract.method, route]));
  const get = served.find(({ contract }) => isSafe(contract));
  if (get) byMethod.set("HEAD", get.route);
  return everyMethod(byMethod);
}

/** Returns the exports of a GET and HEAD route without a contract or a login, such as the health check. */
export function readOnlyRoute(look: (request: Request) => Promise<Response>): Methods {
  const entries = ["GET", "HEAD"].map((method) => [method, look] as const);
  return everyMethod(new Map(entries));
}

/** Returns the exports for paths that have no route: every method answers 404. */
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

/**
 * Identifies the caller by the bearer token alone; a browser's cookie is ignored.
 * @throws RestError "unauthenticated" or "token-expired"
 */
async function callerOf(
  request: Request,
  access: Access,
): Promise<{ actor: Person; account: BearerAccount } | { actor: Anonymous; account: null }> {
  const { headers } = request;
  const origin = originOf(headers);
  if (access === "anyone") return { actor: { kind: "anonymous", ...origin }, account: null };
  // A blank X-Authorization counts as absent, as in ThingsBoard; `Headers` removes blanks around a value.
  const given = headers.get("x-authorization") || headers.get("authorization");
  const token = BEARER.exec(given ?? "")?.[1];
  if (!token) throw new RestError("unauthenticated");
  const result = await authenticateBearer(token, origin);
  if (!result.ok) throw new RestError(result.code);
  const { person, account } = result;
  return { actor: person, account };
}

function fitting<S extends z.ZodType>(
  { invalid = "bad-request" }: { invalid?: RestErrorName },
  schema: S,
  input: unknown,
): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  if (invalid !== "bad-request") throw new RestError(invalid);
  // Parameters always are an object; the body of a request can be any JSON.
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new RestError("bad-request", { message: "The body must be a JSON object." });
  throw new RestError("bad-request", { fieldErrors: fieldErrorsOf(parsed.error) });
}

function respond({ answer, answerType }: Pick<Contract, "answer" | "answerType">, value: unknown): Response {
  const headers = { "Cache-Control": "no-store" };
  // Parsing drops every field that is not in the schema, so none of them leaves the server.
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

const refusals: Record<RefusalCode, RestErrorName> = {
  // The account or its session ended between the check of the token and the verb.
  unauthenticated: "token-expired",
  forbidden: "forbidden",
  "cross-origin": "forbidden",
  overloaded: "unavailable",
};

function failure(error: unknown, request: Request): Response {
  if (error instanceof RestError) return errorResponse(error.code, error.details);
  if (error instanceof Refusal) {
    const { code, retryAfterSeconds } = error;
    return errorResponse(refusals[code], { retryAfterSeconds });
  }
  const code = passesByItself(error) ? "unavailable" : "unexpected";
  const { requestId } = originOf(request.headers);
  log().error({ event: "rest-call-failed", requestId, code, err: error });
  return errorResponse(code, code === "unavailable" ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {});
}
