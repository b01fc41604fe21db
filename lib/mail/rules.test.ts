import { describe, expect, it } from "vitest";
import { clientNameOf, linkSecrets, loginSecrets, nextAttemptAt, redactedAnswer } from "./rules";

const begun = new Date("2026-11-24T09:00:00Z");

describe("nextAttemptAt", () => {
  it("waits longer each time, up to a quarter of an hour", () => {
    const waits = Array.from({ length: 9 }, (_, index) => {
      const next = nextAttemptAt({ attempts: index + 1, triedSince: begun }, begun);
      return ((next?.getTime() ?? 0) - begun.getTime()) / 1_000;
    });
    expect(waits).toEqual([15, 30, 60, 120, 300, 600, 900, 900, 900]);
  });

  it("gives up after five days", () => {
    const at = (hours: number) => new Date(begun.getTime() + hours * 3_600_000);
    expect(nextAttemptAt({ attempts: 99, triedSince: begun }, at(119.7))).not.toBeNull();
    expect(nextAttemptAt({ attempts: 99, triedSince: begun }, at(120))).toBeNull();
  });
});

describe("redactedAnswer", () => {
  const token = "x".repeat(43);

  it.each([
    [
      `554 spam: https://id.example.org/activate?token=${token}`,
      "554 spam: https://id.example.org/activate?token=[removed]",
    ],
    [`550 ${token} looks odd: ${token}`, "550 [removed] looks odd: [removed]"],
    ["550 token%3DabcDEF-123 quoted", "550 token%3D[removed] quoted"],
    ["550 ACTIVATE?TOKEN=ABCDEF", "550 ACTIVATE?TOKEN=[removed]"],
    ["250 2.0.0 OK\r\n queued\tas \u202e4XyZ\0", "250 2.0.0 OK queued as 4XyZ"],
  ])("makes %j fit to be shown", (answer, shown) => {
    expect(redactedAnswer(answer, [token])).toBe(shown);
  });

  it("is one line of bearable length", () => {
    expect(redactedAnswer("5".repeat(100_000), [])).toHaveLength(500);
  });

  it("does not contain a secret of which it would show several blanks as one", () => {
    const secret = "open  sesame\u00ad ";
    expect(redactedAnswer(`535 not ${secret}`, [secret])).toBe("535 not [removed]");
  });

  it("does not take an empty or tiny password for a secret to look for", () => {
    expect(redactedAnswer("250 ok", ["", "o"])).toBe("250 ok");
    expect(redactedAnswer("535 not 1234, for 123", ["1234", "123"])).toBe("535 not [removed], for 123");
  });
});

it("linkSecrets finds the tokens of links only", () => {
  const values = { name: "a=b", unlockUrl: "https://id.example.org/unlock?token=abc", n: 5, none: null };
  expect(linkSecrets(values)).toEqual(["abc"]);
});

it("loginSecrets has the password in each form in which it is sent, and nothing where there is none", () => {
  const forms = ["open sesame", "b3BlbiBzZXNhbWU=", "AGFkYQBvcGVuIHNlc2FtZQ=="];
  expect(loginSecrets({ user: "ada", password: "open sesame" })).toEqual(forms);
  expect(loginSecrets({ user: "ada", password: "" })).toEqual([]);
});

it.each([
  ["gate.example.org", "https://id.example.org", "gate.example.org"],
  ["0a1b2c3d4e5f", "https://id.example.org:8443", "id.example.org"],
  ["gate_1.example.org", "https://id.example.org", "id.example.org"],
  ["gate.example.my_lan", "https://id.example.org", "id.example.org"],
  ["0a1b2c3d4e5f", "http://localhost:3000", null],
  ["192.0.2.7", "http://192.0.2.8:3000", null],
  ["", "http://[2001:db8::7]:3000", null],
])("clientNameOf a machine %j with BASE_URL %s is %j", (machine, baseUrl, name) => {
  expect(clientNameOf(machine, baseUrl)).toBe(name);
});
