import "@/lib/core/no-eval/schema";
import { z } from "zod";
import { EMAIL } from "@/lib/core/email/rules";
import { MAX_EMAIL_LENGTH } from "@/lib/core/limits";

const MAX_REPEATED = 24;
/** A number with thousands separators, as our own messages write it and as a user may copy it. */
const GROUPED = /^\d{1,3}(?:[,.’'\s]\d{3})+$/;

const inWords = (n: number) => n.toLocaleString("en-US");

/** Quotes the input at the end of an error message; empty if there is nothing to quote. */
function quotedInput(input: unknown): string {
  if (typeof input === "number") return Number.isNaN(input) ? "" : `, not ${input}`;
  if (typeof input !== "string" || input === "") return "";
  const text = input.length > MAX_REPEATED ? `${input.slice(0, MAX_REPEATED)}…` : input;
  // Cutting may split a character, and a half one makes the JSON of an answer unreadable to some parsers.
  return `, not “${text.toWellFormed()}”`;
}

const isGrouped = (input: unknown) => typeof input === "string" && GROUPED.test(input);

/** Returns a label as the subject of an error message: without its unit, which comes after the bounds. */
export const subjectOf = (label: string) => label.replace(/ (?:\(\w+\)|in days)$/, "");

/** A whole number within bounds. Its one error message names the field and the bounds, and quotes the input. */
export const whole = (label: string, bound: { min: number; max: number; unit?: string }) => {
  const { min, max, unit } = bound;
  const bounds = `from ${inWords(min)} to ${inWords(max)}${unit ? ` ${unit}` : ""}`;
  const error = ({ input }: { input?: unknown }) =>
    `${subjectOf(label)} must be a whole number ${bounds}${isGrouped(input) ? ", in digits only" : ""}${quotedInput(input)}.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

/** Says which letter an address must not have, and how to write a domain that has it; empty if there is none. */
function foreignLetter(input: unknown): string {
  const [letter] = /(?!\p{ASCII})\p{L}/u.exec(typeof input === "string" ? input : "") ?? [];
  return letter ? ` “${letter}” is not accepted; a domain with such letters has an “xn--” form.` : "";
}

/** One e-mail address: ASCII, one mailbox, no display name. The pattern runs only on a text that is not too long. */
const address = (words: { error: (issue: { input?: unknown }) => string; tooLong: string }) =>
  z
    .string({ error: words.error })
    .max(MAX_EMAIL_LENGTH, { error: words.tooLong })
    .pipe(z.email({ pattern: EMAIL, error: words.error }));

/** An e-mail address in a form of its own; its errors do not name the field. */
export const emailSchema = address({
  error: ({ input }) => `Enter one e-mail address, like ops@example.org.${foreignLetter(input)}`,
  tooLong: `An e-mail address must have at most ${MAX_EMAIL_LENGTH} characters.`,
});

/** An e-mail address among other fields; its errors name the field and quote the input. */
export const addressOf = (label: string) =>
  address({
    error: ({ input }) =>
      `${label} must be one e-mail address, like ops@example.org${quotedInput(input)}.${foreignLetter(input)}`,
    tooLong: `${label} must have at most ${MAX_EMAIL_LENGTH} characters.`,
  });

/**
 * Makes a rule across several fields run if these are valid, whatever is wrong with the others. It does not run if the
 * input is not an object.
 */
export const whenValid = (...fields: string[]) => ({
  when: ({ issues }: { issues: readonly { path?: readonly PropertyKey[] | undefined }[] }) =>
    !issues.some(({ path }) => !path?.length || fields.includes(String(path[0]))),
});

/** What a form sends: the panel's values, and the version that they were edited from. */
export const editOf = <Values extends z.ZodType>(values: Values) =>
  z.object({ version: z.int().min(0), values });
