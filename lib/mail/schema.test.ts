import { expect, it } from "vitest";
import { mailSettingsDefaults } from "@/lib/settings/mail/schema";
import {
  type MailKind,
  mailEntrySchema,
  mailSchemas,
  outboxQuerySchema,
  PASSWORD_WITHOUT_USER,
  withdrawnAnswers,
} from "./schema";
import { sampleValues } from "./templates/samples";

const entry = { ...mailSettingsDefaults, user: "gatehouse", password: "x", removesPassword: false };
const TOO_LONG = "Password must have at most 1,024 characters.";
const CONTROLS = "Password must not contain control characters.";

it.each<[string, object, Record<string, string>]>([
  ["a password", {}, {}],
  ["an empty password", { password: "" }, {}],
  ["the longest password", { password: "p".repeat(1_024) }, {}],
  ["a longer one", { password: "p".repeat(1_025) }, { password: TOO_LONG }],
  ["a password of two lines", { password: "a\r\nb" }, { password: CONTROLS }],
  ["no password and no user", { password: null, user: null }, {}],
  ["a password without a user", { user: null }, { password: PASSWORD_WITHOUT_USER }],
  ["with an empty name", { user: "" }, { password: PASSWORD_WITHOUT_USER }],
  [
    "a password without a user, beside another mistake",
    { user: null, tls: "auto" },
    { tls: "Choose how the connection is encrypted.", password: PASSWORD_WITHOUT_USER },
  ],
  ["a password for a user that is invalid by itself", { user: 0 }, { user: "Enter a user name." }],
])("the mail panel is entered with %s", (_name, changes, errors) => {
  const { error } = mailEntrySchema.safeParse({ ...entry, ...changes });
  expect(error?.issues.map(({ path, message }) => [path.join("."), message]) ?? []).toEqual(
    Object.entries(errors),
  );
});

it.each<[MailKind, object]>([
  ["activation", { name: undefined }],
  ["password-reset", { address: null, userAgent: null }],
  ["account-locked", { lockedUntil: null }],
  // An earlier version queued them without.
  ["password-changed", { endedAll: undefined }],
  ["account-locked-owner", { linkExpiresAt: undefined }],
  ["password-expires-soon", { daysLeft: 1 }],
])("a mail of the kind %s can be written with %o", (kind, values) => {
  const { error } = mailSchemas[kind].safeParse({ ...sampleValues(new Date())[kind], ...values });
  expect(error?.issues).toBeUndefined();
});

it.each([
  [
    { state: "WITHDRAWN", recipient: " ada ", after: "" },
    { state: "WITHDRAWN", recipient: "ada" },
  ],
  [{ state: "LOST", recipient: ["ada", "grace"], after: "1" }, {}],
])("the outbox takes %j for %j", (input, query) => {
  expect(outboxQuerySchema.parse(input)).toEqual(query);
});

it("mails that were withdrawn by an earlier version are recognised by its words", () => {
  expect(withdrawnAnswers).toEqual({
    link: "Not sent: its link was used or replaced first.",
    password: "Not sent: the password was replaced first.",
    address: "Not sent: the account’s address was changed first.",
    account: "Not sent: the account was disabled or deleted first.",
    policy: "Not sent: the password policy was changed first.",
  });
});
