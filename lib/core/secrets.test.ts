import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sealedFor } from "@/lib/tokens/rules";
import { canUnseal, keyFingerprint, newSecret, SealBroken, seal, unseal } from "./secrets";

const KEY = randomBytes(32);
// Vite sets a BASE_URL of its own.
delete process.env.BASE_URL;
process.env.SECRET_KEY = KEY.toString("base64");
process.env.DATABASE_URL = "postgresql://gatehouse@db.example/gatehouse";

const CONTEXT = "a key";
const sealed = seal("a secret", CONTEXT);
const [version = "", body = ""] = sealed.split(".");
const bytes = Buffer.from(body, "base64url");
const withBytes = (changed: Buffer) => `${version}.${changed.toString("base64url")}`;

describe("a sealed value", () => {
  it("is opened as what it was sealed as, and looks like no other", () => {
    expect(unseal(sealed, CONTEXT).toString()).toBe("a secret");
    expect(seal("a secret", CONTEXT)).not.toBe(sealed);
    expect(canUnseal(KEY, sealed, CONTEXT)).toBe(true);
  });

  it("is opened with no other key, of which one bit has changed", () => {
    for (const [at, byte] of KEY.entries()) {
      const changed = Buffer.from(KEY);
      changed[at] = byte ^ (1 << (at % 8));
      expect(canUnseal(changed, sealed, CONTEXT), `byte ${at}`).toBe(false);
    }
  });

  it("that an earlier version has stored is opened: nobody loses their keys with an update", () => {
    const stored = "v1.AQEBAQEBAQEBAQEBNHYFStWFJpYrbfi8ucK60Sa9XmRw13tI";
    const context = sealedFor("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    expect(canUnseal(Buffer.alloc(32, 7), stored, context)).toBe(true);
  });

  it("is not opened in the place of another", () => {
    expect(() => unseal(sealed, "another key")).toThrow(SealBroken);
  });

  it("of which one bit has changed is not opened", () => {
    for (const [at, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes);
      changed[at] = byte ^ (1 << (at % 8));
      expect(() => unseal(withBytes(changed), CONTEXT), `byte ${at}`).toThrow(SealBroken);
    }
  });

  it("that is cut short, or none, is not opened", () => {
    const short = [...bytes.keys()].map((length) => withBytes(bytes.subarray(0, length)));
    for (const text of [...short, "", ".", body, `v0.${body}`, `v2.${body}`]) {
      expect(() => unseal(text, CONTEXT), text).toThrow(SealBroken);
      expect(canUnseal(KEY, text, CONTEXT)).toBe(false);
    }
  });
});

it("a key has the fingerprint that earlier versions have stored, which is no part of it", () => {
  expect(keyFingerprint(Buffer.alloc(64, 7))).toBe("4a93:c3c6:44e1:8bdc");
});

describe("a new secret", () => {
  it("has every length that is asked for, in characters that end no link too early", () => {
    for (let length = 1; length <= 256; length += 1)
      expect(newSecret(length).secret).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`));
  });

  it("is known by its digest, and never comes twice", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.integer({ min: 32, max: 256 }), (length) => {
        const { secret, digest } = newSecret(length);
        expect(digest).toBe(createHash("sha256").update(secret).digest("hex"));
        expect(seen.has(secret)).toBe(false);
        seen.add(secret);
      }),
    );
  });

  it("has as much chance in each of its characters, the first and the last too", () => {
    for (const length of [32, 33, 34, 35]) {
      const secrets = Array.from({ length: 6_200 }, () => newSecret(length).secret);
      for (const place of [0, 1, length - 2, length - 1]) {
        const counts = new Map<string, number>();
        for (const secret of secrets)
          counts.set(secret.charAt(place), (counts.get(secret.charAt(place)) ?? 0) + 1);
        expect(counts.size).toBe(62);
        // 100 of each are expected; a count six standard deviations off comes once in some hundred million places.
        for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(65);
      }
    }
  });
});
