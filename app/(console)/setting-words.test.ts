import { describe, expect, it } from "vitest";
import type { AuditDetails } from "@/lib/audit/schema";
import { settingChanges, versionLink } from "./setting-words";

type Value = string | number | boolean | null;
const change = (panel: string, key: string, from: Value, to: Value) =>
  settingChanges({ panel, changes: { [key]: { from, to } } })[0];

describe("settingChanges", () => {
  it.each<[string, string, Value, Value, string, string]>([
    ["password", "minimumLength", 12, 14, "12", "14"],
    ["password", "maximumLength", 128, null, "128", "256"],
    ["password", "passwordExpirationPeriodDays", 0, 90, "never expires", "90"],
    ["password", "passwordReuseFrequencyDays", 365, 0, "365", "off"],
    ["password", "allowWhitespaces", true, false, "on", "off"],
    ["general", "maxFailedLoginAttempts", 5, null, "5", "never locks"],
    ["general", "maxFailedLoginAttempts", 0, 5, "never locks", "5"],
    ["general", "maxFailedLoginAttempts", 0, null, "never locks (0)", "never locks (empty)"],
    ["general", "maxFailedLoginAttempts", null, null, "never locks", "never locks"],
    ["general", "loginAttemptsPerAddressPerMinute", null, 0, "no limit (empty)", "no limit (0)"],
    ["password", "maximumLength", 256, null, "256", "256 (empty)"],
    ["general", "lockoutDurationMinutes", 43_200, null, "43,200", "until somebody unlocks"],
    ["general", "loginAttemptsPerAddressPerMinute", null, 10_000, "no limit", "10,000"],
    ["general", "userLockoutNotificationEmail", null, "ops@example.org", "nobody", "ops@example.org"],
    ["jwt", "tokenIssuer", "gatehouse", " a ", "\u200e“gatehouse”", "\u200e“ a ”"],
    ["jwt", "tokenExpirationTime", 9_000, 60, "9,000 (2 h 30 min)", "60 (1 min)"],
    ["jwt", "tokenSigningKey", "aa", "bb", "aa", "bb"],
  ])("%s.%s from %s to %s", (panel, key, from, to, fromText, toText) => {
    expect(change(panel, key, from, to)).toMatchObject({
      href: `/settings/security#${key}`,
      from: fromText,
      to: toText,
    });
  });

  it("follows the panel's order, with its labels", () => {
    const changes: AuditDetails = {
      maximumLength: { from: 128, to: 64 },
      minimumLength: { from: 12, to: 8 },
    };
    expect(settingChanges({ panel: "password", changes }).map(({ label }) => label)).toEqual([
      "Minimum password length",
      "Maximum password length",
    ]);
  });

  it("leads to the page of the panel, and shows an address literally", () => {
    expect(change("mail", "fromAddress", null, "a\u202eb@example.org")).toMatchObject({
      href: "/settings/mail#fromAddress",
      to: "a\\u{202E}b@example.org",
    });
    expect(change("general", "userLockoutNotificationEmail", null, "a\u202eb@example.org")).toMatchObject({
      to: "a\\u{202E}b@example.org",
    });
  });

  it("shows a setting it does not know without a link, and literally", () => {
    expect(change("password", "x\u202ey", "a\u202eb", null)).toEqual({
      key: "x\u202ey",
      label: "x\\u{202E}y",
      href: null,
      from: "a\\u{202E}b",
      to: "not set",
    });
    expect(change("constructor", "toString", 1, 2)).toMatchObject({
      label: "toString",
      href: null,
      from: "1",
    });
  });

  it.each<[string, AuditDetails]>([
    ["nothing", {}],
    ["no object", { panel: "jwt", changes: "all" }],
    ["null", { panel: "jwt", changes: null }],
    ["no change", { panel: "jwt", changes: { tokenIssuer: "x", sessions: "kept", a: { from: 1 }, b: null } }],
  ])("finds no change in %s", (_name, details) => {
    expect(settingChanges(details)).toEqual([]);
  });
});

describe("versionLink", () => {
  it("leads to the version that a save made", () => {
    expect(versionLink({ panel: "jwt", version: 1_234 })).toEqual({
      href: "/settings/history/jwt/1234",
      text: "Version 1,234",
    });
  });

  it.each<AuditDetails>([
    {},
    { panel: "mail", version: 2 },
    { panel: "constructor", version: 2 },
    { panel: "general" },
    { panel: "general", version: "2" },
    { panel: "general", version: 0 },
    { panel: "general", version: 1.5 },
  ])("is absent for %j", (details) => {
    expect(versionLink(details)).toBeNull();
  });
});
