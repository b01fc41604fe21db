/** How a proof of the password may fail. */
export type ProofRefusal = { code: "wrong-password" } | { code: "throttled"; retryAfterSeconds: number };

/** The refusal in words, for under the password's field. */
export function refusalText(refusal: ProofRefusal): string {
  if (refusal.code === "wrong-password")
    return "That is not your password, or your account is locked at the moment. Wrong ones count towards locking it.";
  const { retryAfterSeconds: seconds } = refusal;
  return `Too many attempts. Try again in ${seconds === 1 ? "1 second" : `${seconds} seconds`}.`;
}
