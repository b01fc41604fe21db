import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canUnseal, SealBroken, seal, unseal } from "./secrets";

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
    expect([canUnseal(KEY, sealed, CONTEXT), canUnseal(randomBytes(32), sealed, CONTEXT)]).toEqual([
      true,
      false,
    ]);
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
