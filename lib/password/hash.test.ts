import { hash, type Options } from "@node-rs/argon2";
import fc from "fast-check";
import { Piscina } from "piscina";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { log } from "@/lib/core/log";
import { onePerProcess } from "@/lib/core/one-per-process";
import "@/tests/support/patient-hashes";
import { hashPassword, isHashOutdated, verifyPassword } from "./hash";
import { MAX_WAITING, runInWorker } from "./hash-threads";

/** A hash with OWASP's parameters. */
const STRONG = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/;

afterEach(() => vi.restoreAllMocks());

describe("a password's hash", () => {
  test("is argon2id with OWASP's parameters, salted afresh each time", async () => {
    const [one, other] = await Promise.all([hashPassword("a password"), hashPassword("a password")]);
    expect(one).toMatch(STRONG);
    expect(other).not.toBe(one);
    expect(isHashOutdated(one)).toBe(false);
  });

  test.each([
    ["the same password", "pässword ".repeat(25), "pässword ".repeat(25), true],
    ["the same, decomposed", "pässword", "pa\u0308ssword", true],
    ["the same behind a byte order mark", "a password", "\ufeffa password", true],
    ["another in its 200th character", `${"x".repeat(199)}y`, `${"x".repeat(199)}z`, false],
    ["another in a blank at its end", "a password ", "a password", false],
    ["another in its case", "a Password", "a password", false],
  ])("is compared with %s", async (_, set, typed, isRight) => {
    expect(await verifyPassword(await hashPassword(set), typed)).toBe(isRight);
  });

  test("that an earlier version has stored is compared as then, with the password in NFC and not in NFKC", async () => {
    const stored =
      "$argon2id$v=19$m=19456,t=2,p=1$xQPTUK7MKMwO/8hCd493aQ$ateh/Ce9cX8ZGWUFz+uNBnq5dyxIDrmI+5/hfBdg8S4";
    expect(await verifyPassword(stored, "ﬁne² pässword")).toBe(true);
    expect(await verifyPassword(stored, "fine2 pässword")).toBe(false);
  });

  test("that is missing takes the same work, and matches no password", async () => {
    const run = vi.spyOn(Piscina.prototype, "run");
    expect(await verifyPassword(null, "")).toBe(false);
    const asStrong = expect.objectContaining({ hash: expect.stringMatching(STRONG) });
    expect(run).toHaveBeenCalledExactlyOnceWith(asStrong, { name: "verify" });
  });

  test.each<[string, Options]>([
    ["less memory", { memoryCost: 4_096, timeCost: 2, parallelism: 1 }],
    [
      "the most passes and lanes, and the least memory for them",
      { memoryCost: 128, timeCost: 16, parallelism: 16 },
    ],
    ["argon2d", { memoryCost: 64, timeCost: 1, algorithm: 0 }],
    ["argon2i", { memoryCost: 64, timeCost: 1, algorithm: 1 }],
    ["an older version", { memoryCost: 64, timeCost: 1, version: 0 }],
  ])("with %s is still compared, and known to be outdated", async (_, options) => {
    const other = await hash("a password", options);
    expect(await verifyPassword(other, "a password")).toBe(true);
    expect(isHashOutdated(other)).toBe(true);
  });
});

describe("a stored hash that is damaged", () => {
  const [salt, digest] = ["c29tZXNhbHRzb21lc2FsdA", "A".repeat(43)];

  test.each([
    ["empty", ""],
    ["noise", "noise"],
    ["of another kind", `$2b$10$${"a".repeat(53)}`],
    ["cut off", `$argon2id$v=19$m=19456,t=2,p=1$${salt}$AAAA`],
    ["without its digest", `$argon2id$v=19$m=19456,t=2,p=1$${salt}`],
    ["no Base64", `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${"A".repeat(42)}B`],
    ["of more memory than there is", `$argon2id$v=19$m=999999999,t=2,p=1$${salt}$${digest}`],
    ["of more memory than any server spends", `$argon2id$v=19$m=262145,t=1,p=1$${salt}$${digest}`],
    ["of more passes", `$argon2id$v=19$m=64,t=17,p=1$${salt}$${digest}`],
    ["of more lanes", `$argon2id$v=19$m=256,t=1,p=17$${salt}$${digest}`],
    ["of less memory than its lanes need", `$argon2id$v=19$m=15,t=2,p=2$${salt}$${digest}`],
    ["of a day's passes", `$argon2id$v=19$m=262144,t=999999,p=1$${salt}$${digest}`],
  ])("%s, matches no password, and is logged", async (_, damaged) => {
    const logged = vi.spyOn(log(), "error").mockReturnValue();
    expect(await verifyPassword(damaged, "a password", { userId: "its owner" })).toBe(false);
    expect(logged).toHaveBeenCalledExactlyOnceWith({ event: "password-hash-damaged", userId: "its owner" });
  });

  test("in any one character, matches no password, and throws nothing", async () => {
    const whole = await hash("a password", { memoryCost: 64, timeCost: 1, parallelism: 1 });
    vi.spyOn(log(), "error").mockReturnValue();
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.constantFrom(..."0 9$,=aZ/+é"));
    await fc.assert(
      fc.asyncProperty(damage, async ([at, character]) => {
        const damaged = whole.slice(0, at) + character + whole.slice(at + 1);
        expect(await verifyPassword(damaged, "a password")).toBe(damaged === whole);
      }),
    );
  });
});

describe("of many hashes", () => {
  // Those of the tests wait for no turn.
  beforeEach(() => void onePerProcess("hash-turns").take());

  /**
   * Compares a password; hundreds with the usual parameters would take long on a busy machine. With much weaker ones, one
   * thread would compare a hundred while the other waits for a core.
   */
  async function comparison() {
    const weak = await hash("a password", { memoryCost: 1_024, timeCost: 1, parallelism: 1 });
    const task = { hash: weak, password: "a password" };
    return (address?: string) => runInWorker("verify", task, { address, maxWaitMs: 600_000 });
  }

  test("those beyond what may wait are refused, and the others are made", async () => {
    const compare = await comparison();
    const made = await Promise.allSettled(Array.from({ length: MAX_WAITING + 100 }, () => compare()));
    const refused = made.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const reason of refused) expect(reason).toMatchObject({ code: "overloaded", retryAfterSeconds: 5 });
    const others = made.filter((one) => one.status === "fulfilled" && one.value);
    expect(others.length).toBe(made.length - refused.length);
    expect(others.length).toBeGreaterThanOrEqual(MAX_WAITING);
    expect(await compare()).toBe(true);
    const turns = onePerProcess<{ given: number }>("hash-turns").get(() => ({ given: Number.NaN }));
    expect(turns.given).toBe(0);
  });

  test("a crowd's from all networks of one subscriber neither take another's place nor delay it", async () => {
    const compare = await comparison();
    let made = 0;
    const crowd = Promise.allSettled(
      Array.from({ length: MAX_WAITING + 100 }, async (_, i) => {
        await compare(`2001:db8:1:${i.toString(16)}::1`);
        made += 1;
      }),
    );
    expect(await compare("203.0.113.7")).toBe(true);
    expect(made).toBeLessThan(100);
    const refused = (await crowd).filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(made).toBe(MAX_WAITING + 100 - refused.length);
  });
});
