/** The conventions of all calls, for the API page and for the OpenAPI document. */
export type Convention = {
  title: string;
  /** Markdown, of which the page renders only code in backticks. */
  text: string;
  points?: readonly string[];
};

export const conventions: readonly Convention[] = [
  {
    title: "Requests",
    text: "Send the access token as `Authorization: Bearer …` or `X-Authorization: Bearer …`; where both are sent, the latter counts. Cookies count for nothing here, and pages of other origins are given no answer (no CORS). A body is JSON with `Content-Type: application/json`, 64 KiB at most, with each name once; fields that a call does not know are ignored. Ignore those of an answer that you do not know, too: there may come to be more. Times are milliseconds since 1970, unless they say otherwise.",
  },
  {
    title: "Staying logged in",
    text: "An access token works until its `exp`, or until its session ends. Shortly before that, or at an answer with `errorCode` 11, exchange the refresh token for a new pair with `POST /api/auth/token`, keep both, and make the call once more. If that is answered with 401 too, the session is over: log in again.",
    points: [
      "A refresh token works once. For ten seconds more it gets what is in force by then, so that refreshes at the same time, or one whose answer was lost, do no harm.",
      "Used after that, it counts as stolen, and the session ends with all its tokens. So let nobody go on with an older pair: two processes need a login each.",
      "Access tokens from before a refresh go on working until their `exp`.",
    ],
  },
  {
    title: "When a call fails",
    text: "Every failure has the same body. Programs go by its `errorCode`; its `message` is for people, and may come to be worded otherwise.",
    points: [
      "`2`: with 503, try again after `Retry-After`; with 500, the server's log says more.",
      "`10`: what was sent is no token of ours, or no login: log in, and do not just try again.",
      "`11`: the token has expired or was revoked: refresh it, or log in.",
      "`15`: the password has expired. Choose another by `POST /api/noauth/resetPassword` with the `resetToken` of the answer, which works for ten minutes; then log in.",
      "`45`: the password no longer meets the rules; a link to choose another one was mailed.",
      "`20`: this person may not do this.",
      "`31`: the request is wrong, or not possible as things are; `fieldErrors` tells what is wrong with which field.",
      "`32`: there is no such thing.",
      "`33`: too many attempts: wait as long as `Retry-After` says.",
      "`35`: somebody else was faster: read anew, and save with the `version` that is in force.",
    ],
  },
  {
    title: "What any call may be answered",
    text: "Beyond what each call lists, any may be refused before it is looked at, with the same body: 400 for what is no readable HTTP or path, 404 for another spelling of its path (capitals, a slash at the end), 405 with `Allow` for another method, 408 for a request that does not come to its end, 413 and 431 for too large a body or too large headers, 421 for a host by whose name Gatehouse is not known. `Retry-After` comes with every 429 and 503, in whole seconds. `X-Request-Id`, on every answer, finds the call in the server's log.",
  },
  {
    title: "Verifying tokens yourself",
    text: "Tokens are JWTs, signed by HS512 with the bytes of the signing key (the JWT settings show it, in Base64) and named by `kid`; another `kid` means another key. Take HS512 only, and check `iss`, `exp`, and that `scopes` is the authority you want: it is `REFRESH_TOKEN` in a refresh token, which is signed by the same key. `sub` is the e-mail address, `userId` the account. That a session has ended, a signature does not tell: ask `GET /api/auth/user` where it matters. Whoever has the key can make tokens, too.",
  },
];
