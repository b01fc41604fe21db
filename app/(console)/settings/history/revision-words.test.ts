import { describe, expect, it } from "vitest";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { passwordPolicyDefaults } from "@/lib/settings/password/schema";
import { choiceText, describeRevision, labelsText, sideText, versionTitle } from "./revision-words";

const ada = "ada@example.org";

describe("a version's name", () => {
  it.each([
    [7, 9, "Version 7"],
    [9, 9, "Version 9, in effect"],
    [1_234, 9, "Version 1,234"],
    [0, 9, "Defaults"],
    [0, 0, "Defaults, in effect"],
  ])("version %i, while %i is in force, is “%s”", (version, inForce, text) => {
    expect(sideText(version, inForce)).toBe(text);
  });

  it("has its panel in a title", () => {
    expect(versionTitle({ panel: "jwt", version: 7 })).toBe("JWT security, version 7");
    expect(versionTitle({ panel: "password", version: 0 })).toBe("Password policy, defaults");
  });

  it.each([
    [7, ada, "Version 7, ada@example.org"],
    [7, "a\u202eb@example.org", "Version 7, a\\u{202E}b@example.org"],
    [9, ada, "Version 9, in effect"],
    [1, "host", "Version 1, at first start"],
    [3, "host", "Version 3, on the host"],
    [0, "", "Defaults"],
  ])("among the choices, version %i by %j is “%s”", (version, savedByEmail, text) => {
    expect(choiceText({ version, savedByEmail }, 9)).toBe(text);
  });
});

it("damaged fields are named by their labels", () => {
  expect(labelsText("password", ["minimumLength", "unheardOf"])).toBe("Minimum password length, unheardOf");
});

it.each([
  [{ panel: "general", values: generalPolicyDefaults }, "After 5 wrong passwords"],
  [{ panel: "password", values: passwordPolicyDefaults }, "A new password has 12 to 128 characters"],
  [{ panel: "jwt", values: jwtSettingsDefaults }, "A token expires after 2 hours 30 minutes"],
] as const)("each panel describes its own values", (revision, words) => {
  const rest = { version: 1, keyFingerprint: null, savedAt: null, savedByEmail: "", damaged: [] };
  expect(describeRevision({ ...revision, ...rest })).toContain(words);
});
