import { describe, expect, it } from "vitest";
import { generalPolicyDefaults } from "../general/schema";
import { jwtSettingsDefaults } from "../jwt/schema";
import { changesBetween, restorableValues, revisionName, settingPairs } from "./rules";
import type { Revision } from "./schema";

const base = { version: 2, savedAt: new Date(0), savedByEmail: "ada@example.org", damaged: [] };

const general = (values: object = {}, damaged: string[] = []): Revision => ({
  ...base,
  panel: "general",
  values: { ...generalPolicyDefaults, ...values },
  keyFingerprint: null,
  damaged,
});
const jwt = (values: object, keyFingerprint: string | null): Revision => ({
  ...base,
  panel: "jwt",
  values: { ...jwtSettingsDefaults, ...values },
  keyFingerprint,
});

it("a version is named by its panel and number", () => {
  expect(revisionName(general())).toBe("general.2");
});

describe("settingPairs", () => {
  it("has every setting, with the signing key as its fingerprint", () => {
    expect(settingPairs(jwt({ tokenIssuer: "a" }, "aa:bb"), jwt({ tokenIssuer: "b" }, null))).toEqual({
      tokenIssuer: { from: "a", to: "b" },
      tokenExpirationTime: { from: 9_000, to: 9_000 },
      refreshTokenExpTime: { from: 604_800, to: 604_800 },
      tokenSigningKey: { from: "aa:bb", to: null },
    });
    expect(Object.keys(settingPairs(general(), general()))).toEqual(Object.keys(generalPolicyDefaults));
  });
});

describe("changesBetween", () => {
  it("has only what differs", () => {
    const changes = changesBetween(
      general({ maxFailedLoginAttempts: null }),
      general({ maxFailedLoginAttempts: 0 }),
    );
    expect(changes).toEqual({ maxFailedLoginAttempts: { from: null, to: 0 } });
    expect(changesBetween(general(), general())).toEqual({});
    expect(changesBetween(jwt({}, "aa"), jwt({}, "bb"))).toEqual({
      tokenSigningKey: { from: "aa", to: "bb" },
    });
  });

  it("says nothing of a field that is damaged on either side", () => {
    const three = general({ maxFailedLoginAttempts: 3 });
    const damaged = general({}, ["maxFailedLoginAttempts"]);
    expect(changesBetween(three, damaged)).toEqual({});
    expect(changesBetween(damaged, three)).toEqual({});
  });
});

describe("restorableValues", () => {
  it("has what differs from what is in force, without the key", () => {
    const then = jwt({ tokenExpirationTime: 900 }, "aa");
    expect(restorableValues(then, jwt({}, "bb"))).toEqual({ tokenExpirationTime: 900 });
    expect(restorableValues(jwt({}, "aa"), jwt({}, "bb"))).toEqual({});
  });

  it("leaves out what is damaged in the version, but not what is damaged in force", () => {
    const damaged = general({ mobileSecretKeyLength: 128 }, ["maxFailedLoginAttempts"]);
    const inForce = general({ maxFailedLoginAttempts: 3 });
    expect(restorableValues(damaged, inForce)).toEqual({ mobileSecretKeyLength: 128 });
    expect(restorableValues(inForce, damaged)).toEqual({
      maxFailedLoginAttempts: 3,
      mobileSecretKeyLength: 64,
    });
  });
});
