import { describe, expect, it } from "vitest";
import { timeWords } from "@/lib/core/utc-words";
import { letters } from "./letters";
import { sampleValues } from "./samples";

const frame = { baseUrl: "https://gate.example.org" };
const samples = sampleValues(new Date("2026-11-24T09:15:00Z"));

describe("a link to choose a new password", () => {
  it("names where it was asked for, to the person who asked", () => {
    const { paragraphs, preview, facts } = letters["password-reset"](samples["password-reset"], frame);
    expect(paragraphs).toEqual([expect.stringMatching(/^Somebody, probably you, asked/)]);
    expect(preview).toBe("Use this link to choose a new password.");
    expect(facts).toContainEqual({ term: "Network address", value: "203.0.113.7" });
  });

  it("sent by an administrator says so, and nothing of where from", () => {
    const values = { ...samples["password-reset"], address: null, userAgent: null };
    const { paragraphs, preview, facts, closing } = letters["password-reset"](values, frame);
    expect(paragraphs).toEqual([expect.stringMatching(/^Your administrator has sent you a link/)]);
    expect(preview).toBe("An administrator sent you this link.");
    expect(facts).toBeUndefined();
    expect(closing).toEqual([expect.stringMatching(/^If you did not expect this, ask your administrator/)]);
  });
});

it("a mail leads to the login, also in a browser where another person is logged in", () => {
  const activated = letters["account-activated"](samples["account-activated"], frame);
  expect(activated.action?.url).toBe("https://gate.example.org/login?notice=mailed-link");
  const expiring = letters["password-expires-soon"](samples["password-expires-soon"], frame);
  expect(expiring.action?.url).toBe(
    "https://gate.example.org/login?notice=mailed-link&next=%2Faccount%2Fpassword",
  );
});

it.each([
  [1, "Your password expires within a day"],
  [2, "Your password expires within 2 days"],
])("a password with %i days left, rounded up, is announced", (daysLeft, subject) => {
  const values = { ...samples["password-expires-soon"], daysLeft };
  expect(letters["password-expires-soon"](values, frame)).toMatchObject({ subject });
});

it.each([
  [true, "You were logged out everywhere."],
  [false, "You were logged out everywhere else."],
  [undefined, "You were logged out everywhere else."],
])("a changed password ended all sessions, or (%o) all others", (endedAll, loggedOut) => {
  const { name, changedAt, address, userAgent } = samples["password-changed"];
  const values = { name, changedAt, address, userAgent, ...(endedAll !== undefined && { endedAll }) };
  const { preview, paragraphs } = letters["password-changed"](values, frame);
  expect([preview, paragraphs[0]]).toEqual([loggedOut, expect.stringContaining(loggedOut)]);
});

describe("a lock", () => {
  it("leads to the account's events, whatever its address", () => {
    const values = { ...samples["account-locked"], email: "ada+1&x=2@example.org" };
    const url = new URL(letters["account-locked"](values, frame).action?.url ?? "");
    expect([url.pathname, [...url.searchParams]]).toEqual(["/audit", [["person", values.email]]]);
  });

  it("with an end names it, because the mail may arrive after it", () => {
    const values = { ...samples["account-locked-owner"], lockedUntil: "2026-11-24T09:45:00.000Z" };
    const owner = letters["account-locked-owner"](values, frame);
    const end = /until Tuesday, 24 November 2026, 09:45 UTC, unless somebody unlocks it sooner/;
    expect(owner.paragraphs[0]).toMatch(end);
    const told = letters["account-locked"]({ ...samples["account-locked"], ...values }, frame);
    expect(told.paragraphs[0]).toMatch(end);
    for (const { paragraphs, facts } of [owner, told]) {
      expect(paragraphs.join()).not.toMatch(/\bnow\b|It unlocks/);
      const value = "Tuesday, 24 November 2026, 09:45 UTC, after 30 minutes";
      expect(facts).toContainEqual({ term: "Unlocks", value });
    }
  });

  it("without an end says who can lift it", () => {
    const forEver = { lockedUntil: null };
    const told = letters["account-locked"]({ ...samples["account-locked"], ...forEver }, frame);
    expect(told.paragraphs[0]).toMatch(
      /locked the account \S+ until an administrator or its owner unlocks it\.$/,
    );
    const linkExpiresAt = "2026-11-28T09:00:00.000Z";
    const owner = letters["account-locked-owner"](
      { ...samples["account-locked-owner"], ...forEver, linkExpiresAt },
      frame,
    );
    expect(owner.paragraphs[0]).toMatch(/That locked it until you or an administrator unlocks it: /);
    expect(owner.action?.note).toBe(`The link works once, until ${timeWords(linkExpiresAt)}.`);
    for (const { facts } of [told, owner])
      expect(facts).toContainEqual({ term: "Unlocks", value: "Only when somebody unlocks it" });
  });
});
