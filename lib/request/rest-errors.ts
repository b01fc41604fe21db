import type { FieldErrors } from "@/lib/core/field-errors";

/** Every error of a REST call: its HTTP status, ThingsBoard's `errorCode` for it, and its usual message. */
export const restErrors = {
  unexpected: { status: 500, errorCode: 2, message: "Something went wrong. The server's log has details." },
  unavailable: { status: 503, errorCode: 2, message: "The service is temporarily unavailable. Try again." },
  unauthenticated: { status: 401, errorCode: 10, message: "Authentication failed." },
  "token-expired": { status: 401, errorCode: 11, message: "The token has expired or was revoked." },
  "password-expired": { status: 401, errorCode: 15, message: "The password has expired." },
  "password-unfit": {
    status: 401,
    errorCode: 45,
    message: "The password violates the policy. A reset link was mailed.",
  },
  forbidden: { status: 403, errorCode: 20, message: "You do not have permission to do this." },
  "bad-request": { status: 400, errorCode: 31, message: "The request is invalid." },
  "unknown-link": { status: 409, errorCode: 31, message: "There is no such link." },
  "too-large": { status: 413, errorCode: 31, message: "The body is larger than 64 KiB." },
  "no-json": { status: 415, errorCode: 31, message: "The body must be application/json." },
  "wrong-method": { status: 405, errorCode: 31, message: "This method is not allowed here." },
  misdirected: { status: 421, errorCode: 31, message: "Gatehouse does not serve this host name." },
  unreadable: { status: 400, errorCode: 31, message: "The request is not valid HTTP." },
  "headers-too-large": { status: 431, errorCode: 31, message: "The request's headers are too large." },
  "too-slow": { status: 408, errorCode: 31, message: "The request was not completed in time." },
  "not-found": { status: 404, errorCode: 32, message: "There is nothing here." },
  "too-many-requests": { status: 429, errorCode: 33, message: "Too many attempts." },
  conflict: { status: 409, errorCode: 35, message: "Somebody else has saved in the meantime." },
} as const;
export type RestErrorName = keyof typeof restErrors;

/** What an answer carries beside its entry in the table; `message` replaces the usual one. */
export type RestErrorDetails = {
  message?: string;
  fieldErrors?: FieldErrors;
  /** A single-use token to replace an expired password. */
  resetToken?: string;
  retryAfterSeconds?: number | undefined;
  /** The allowed methods, as the Allow header lists them. */
  allow?: string;
};

/** Thrown by the code of a route to end a REST call with an error of the table. */
export class RestError extends Error {
  override readonly name = "RestError";
  constructor(
    readonly code: RestErrorName,
    readonly details: RestErrorDetails = {},
  ) {
    super(code);
  }
}

/**
 * Returns the body of a failed REST call, as ThingsBoard's clients read it. Unless `details` has a message, the message
 * is all field errors, one per line, or the table's.
 */
export function errorBody(code: RestErrorName, details: RestErrorDetails = {}, now = Date.now()) {
  const { status, errorCode, message } = restErrors[code];
  const { fieldErrors, resetToken } = details;
  return {
    status,
    message: details.message ?? (fieldErrors ? Object.values(fieldErrors).flat().join("\n") : message),
    errorCode,
    timestamp: now,
    ...(fieldErrors && { fieldErrors }),
    ...(resetToken && { resetToken }),
  };
}

/** Returns the response to a failed REST call. */
export function errorResponse(code: RestErrorName, details: RestErrorDetails = {}): Response {
  const { retryAfterSeconds, allow } = details;
  const { status } = restErrors[code];
  return Response.json(errorBody(code, details), {
    status,
    headers: {
      "Cache-Control": "no-store",
      // Every 401 must name a scheme (RFC 9110, 15.5.2), and this scheme with a parameter (RFC 6750, 3). Some HTTP clients
      // fail at a 401 without it.
      ...(status === 401 && { "WWW-Authenticate": 'Bearer realm="Gatehouse"' }),
      ...(retryAfterSeconds !== undefined && { "Retry-After": String(retryAfterSeconds) }),
      ...(allow && { Allow: allow }),
    },
  });
}
