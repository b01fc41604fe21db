import fc from "fast-check";
import { NAMES } from "./held";
import { type Account, HOUR, MINUTE } from "./session-model";

// What steps choose from.

/** The third one becomes too short by a policy. */
const PASSWORDS = [
  "a long way to the harbour",
  "seven bridges of the town",
  "a short one, this",
  "eleven more steps to go",
] as const;
export const [PASSWORD, , SHORT] = PASSWORDS;
export const WRONG = "none of these passwords";

const often = <T>(value: T, weight: number) => ({ arbitrary: fc.constant(value), weight });

export const name = fc.oneof(...NAMES.map((name, at) => often(name, NAMES.length - at)));
/** An address that is given to somebody: mostly the one that is nobody's at first. */
export const newName = fc.oneof(...NAMES.map((name, at) => often(name, 1 + 2 * at)));
export const password = fc.constantFrom(...PASSWORDS);
export const authority = fc.constantFrom("SYS_ADMIN" as const, "CUSTOMER_USER" as const);
/** Which link, session or token, counted from the newest. */
export const at = fc.nat(5);

export const typed = (account: Account | undefined, which: "right" | "wrong") =>
  which === "right" ? (account?.password ?? PASSWORD) : WRONG;
export const which = fc.oneof(often("right" as const, 3), often("wrong" as const, 2));

/** The password that somebody gives to prove that it is still them, if they give any. */
export const proof = fc.oneof(
  often("no" as const, 3),
  often("right" as const, 2),
  often("wrong" as const, 1),
);
export const proofOf = (account: Account, given: "right" | "wrong" | "no") =>
  given === "no" ? null : typed(account, given);

/** How long nothing happens. After the longest two no access token works any more, by the default lifetimes. */
export const wait = fc.oneof(
  ...[often(MINUTE, 3), often(6 * MINUTE, 3), often(31 * MINUTE, 3), often(3 * HOUR, 2), often(48 * HOUR, 1)],
);

/** Which of something that is mostly asked for soon: 0 is the newest. */
export const age = fc.oneof(often(0, 3), often(1, 1), often(2, 1));
