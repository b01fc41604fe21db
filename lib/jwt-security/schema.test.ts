import { expect, it } from "vitest";
import { fieldErrorsOf } from "@/lib/core/field-errors";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { jwtSettingsEditSchema, retireKeySchema, rollBackSchema, showKeySchema } from "./schema";

const ID = "019aaf00-0000-7000-8000-000000000000";
const key = Buffer.alloc(64).toString("base64");
const requests = {
  edit: [
    jwtSettingsEditSchema,
    { version: 1, values: jwtSettingsDefaults, key, mode: "keep", password: "p" },
  ],
  show: [showKeySchema, { password: "p" }],
  retire: [retireKeySchema, { kid: ID, agreedSessions: 0, password: "p" }],
  "roll back": [rollBackSchema, { kid: ID, currentKid: ID, isConfirmed: true, password: "p" }],
} as const;

// What the forms let nobody enter, because a request need not come from one.
it.each<[keyof typeof requests, object, string[]]>([
  ["edit", {}, []],
  ["edit", { key: null, mode: null, password: null }, []],
  ["edit", { key: Buffer.alloc(63).toString("base64") }, ["key"]],
  [
    "edit",
    { values: { ...jwtSettingsDefaults, refreshTokenExpTime: 9_000 } },
    ["values.refreshTokenExpTime"],
  ],
  ["edit", { mode: "sign-in" }, ["mode"]],
  ["edit", { password: "" }, ["password"]],
  ["show", {}, []],
  ["show", { password: "" }, ["password"]],
  ["retire", {}, []],
  ["retire", { agreedSessions: null, password: null }, []],
  ["retire", { kid: "1", agreedSessions: -1, password: "" }, ["kid", "agreedSessions", "password"]],
  ["roll back", {}, []],
  ["roll back", { kid: "1", currentKid: "1", password: "" }, ["kid", "currentKid", "password"]],
])("a request to %s a key is taken or refused as it should be: %j", (what, changes, fields) => {
  const [schema, request] = requests[what];
  const { error } = schema.safeParse({ ...request, ...changes });
  expect(Object.keys(error ? fieldErrorsOf(error) : {})).toEqual(fields);
});
