import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { generalPolicySchema } from "@/lib/settings/general/schema";
import { newMobileSecret } from "./secret";

const lengths = fc.integer({ min: 32, max: 256 });

it("has every length that the policy admits, in characters that an address can hold", () => {
  for (let length = 32; length <= 256; length += 1) {
    expect(generalPolicySchema.shape.mobileSecretKeyLength.safeParse(length).success).toBe(true);
    expect(newMobileSecret(length).secret).toMatch(new RegExp(`^[A-Za-z0-9_-]{${length}}$`));
  }
});

it("is known by its digest, and never comes twice", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(lengths, (length) => {
      const { secret, digest } = newMobileSecret(length);
      expect(digest).toBe(createHash("sha256").update(secret).digest("hex"));
      expect(seen.has(secret)).toBe(false);
      seen.add(secret);
    }),
  );
});

it("has 6 bits of chance in each of its characters, the first and the last too", () => {
  for (const length of [32, 33, 34, 35]) {
    const secrets = Array.from({ length: 6_400 }, () => newMobileSecret(length).secret);
    for (const place of [0, 1, length - 2, length - 1]) {
      const counts = new Map<string, number>();
      for (const secret of secrets)
        counts.set(secret.charAt(place), (counts.get(secret.charAt(place)) ?? 0) + 1);
      expect(counts.size).toBe(64);
      // 100 of each are expected; a count six standard deviations off comes once in some hundred million places.
      for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(65);
    }
  }
});
