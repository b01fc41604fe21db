import "@/lib/core/no-eval/schema";
import { z } from "zod/mini";
import { MAX_EMAIL_LENGTH } from "@/lib/core/email/rules";
import { emailSchemaWith } from "@/lib/core/email/schema";
import { withInvisibleNamed } from "@/lib/core/plain-text/rules";

/** The largest number of a version that the column holds. */
export const LAST_VERSION = 2_147_483_647;

const MAX_REPEATED = 24;
/** A number with thousands separators, as our own messages write it and as a user may copy it. */
const GROUPED = /^\d{1,3}(?:[,.’'\s]\d{3})+$/;

const inWords = (n: number) => n.toLocaleString("en-US");

/** Quotes the input at the end of an error message; empty if there is nothing to quote. */
export function quotedInput(input: unknown): string {
  if (typeof input === "number") return Number.isNaN(input) ? "" : `, not ${input}`;
  if (typeof input !== "string" || input === "") return "";
  const text = input.length > MAX_REPEATED ? `${input.slice(0, MAX_REPEATED)}…` : input;
  // Cutting may split a character, and a half one makes the JSON of an answer unreadable to some parsers.
  return `, not “${withInvisibleNamed(text.toWellFormed())}”`;
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
  // A number beyond the safe integers would be reported again, for its bounds, if the first error did not end the check.
  return z.number({ error }).check(z.int({ abort: true }), z.minimum(min), z.maximum(max));
};

/** A switch. Only a program can send anything else, so the error message has JSON's words. */
export const onOrOff = (label: string) =>
  z.boolean({ error: ({ input }) => `${label} must be true or false${quotedInput(input)}.` });

/** An e-mail address among other fields; its errors name the field and quote the input. */
export const addressOf = (label: string) =>
  emailSchemaWith({
    error: (input) => `${label} must be one e-mail address, like ops@example.org${quotedInput(input)}.`,
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
export const editOf = <Values extends z.ZodMiniType>(values: Values) =>
  z.object({ version: z.int().check(z.minimum(0), z.maximum(LAST_VERSION)), values });
