/** The conventions of all calls, for the API page and for the OpenAPI document. */
type Convention = {
  title: string;
  /** Markdown, of which the page renders only code in backticks. */
  text: string;
  points?: readonly string[];
};

export const conventions: readonly Convention[] = [
  {
    title: "Requests",
    text: "Send the access token as `Authorization: Bearer …` or `X-Authorization: Bearer …`; if you send both, the latter counts. Cookies are ignored, and CORS is not enabled. A body is JSON with `Content-Type: application/json`, in UTF-8 and not compressed, at most 64 KiB, without duplicate names; unknown fields are ignored. Ignore unknown fields in responses, too: more may be added. Times are milliseconds since 1970, unless stated otherwise.",
  },
  {
    title: "Staying logged in",
    text: "An access token works until its `exp`, or until its session ends. Shortly before that, or on a response with `errorCode` 11, exchange the refresh token for a new pair with `POST /api/auth/token`, store both, and repeat the call. If that returns 401 too, the session has ended: log in again.",
    points: [
      "A refresh token works once. For ten more seconds it returns the current pair, so parallel refreshes and lost responses do no harm.",
      "Used after that, it counts as stolen, and the session ends with all its tokens. Never keep using an older pair: two processes need a login each.",
      "Access tokens from before a refresh keep working until their `exp`.",
    ],
  },
  {
    title: "When a call fails",
    text: "Every failure has the same body. In programs, rely on its `errorCode`; its `message` is for people, and its wording may change.",
    points: [
      "`2`: with 503, try again after `Retry-After`; with 500, the server's log has details.",
      "`10`: the token or the login is not valid: log in, and do not simply try again.",
      "`11`: the token has expired or was revoked: refresh it, or log in.",
      "`15`: the password has expired. Choose a new one with `POST /api/noauth/resetPassword` and the `resetToken` of the login’s response, which works for ten minutes; then log in.",
      "`45`: the password no longer meets the policy; a reset link was mailed, or waits for a mail server.",
      "`20`: this person does not have permission to do this.",
      "`31`: the request is invalid, or not possible in the current state; `fieldErrors` names the invalid fields.",
      "`32`: not found.",
      "`33`: too many attempts: wait for the time in `Retry-After`.",
      "`35`: somebody else changed it first: read again, and repeat the call, with the current `version` if it takes one.",
    ],
  },
  {
    title: "Errors of any call",
    text: "Besides the errors that each call lists, any call can be refused before it is processed, with the same body: 400 for invalid HTTP or an invalid path, 404 for another spelling of its path (capitals, a trailing slash), 405 with `Allow` for another method, 408 for a request that is not completed in time, 413 and 431 for a body or headers that are too large, 421 for a host name that Gatehouse does not serve. `Retry-After` comes with every 429 and 503, in whole seconds. `X-Request-Id`, on every response, identifies the call in the server's log.",
  },
  {
    title: "Verifying tokens yourself",
    text: "Tokens are JWTs, signed with HS512 and the bytes of the signing key (the JWT settings show it, in Base64). `kid` identifies the key together with its issuer: another `kid` means another key, or only another issuer. Accept HS512 only, and check `iss`, `exp`, and that `scopes` is the authority you want: it is `REFRESH_TOKEN` in a refresh token, which is signed with the same key. `sub` is the e-mail address, `userId` the account. A signature does not show whether the session has ended, or the person's authority has changed: call `GET /api/auth/user` where that matters. Anyone who has the key can also issue tokens.",
  },
];
