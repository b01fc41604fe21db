import { randomBytes } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { currentKey } from "@/lib/tokens/key-ring";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";

// Spies that a test can delay: each call reaches the real function.
vi.mock("@/lib/tokens/key-ring", { spy: true });

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});
afterAll(emptyDatabase);

const real = await vi.importActual<typeof import("@/lib/tokens/key-ring")>("@/lib/tokens/key-ring");

/** Makes `change` happen after the next reading of the signing key, before the key is returned. */
function changeAfterKeyIsRead(change: () => Promise<unknown>): void {
  vi.mocked(currentKey).mockImplementationOnce(async (db) => {
    const key = await real.currentKey(db);
    await change();
    return key;
  });
}

describe("a program that signs everyone else out", () => {
  it.each(["for the first time", "once more"])(
    "keeps its session, which is being renewed with a refresh token %s",
    async (which) => {
      const { person, ...pair } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), {
        kind: "REST",
      });
      const renew = () => refreshTokens(anonymous(), { refreshToken: pair.refreshToken ?? "" });
      if (which === "once more") await renew();
      let answer: Awaited<ReturnType<typeof replaceJwtSettings>> | undefined;
      const key = randomBytes(64).toString("base64");
      const save = { values: jwtSettingsDefaults, key, keepOldKey: false, password: null };
      changeAfterKeyIsRead(async () => {
        answer = await replaceJwtSettings(person, save);
      });
      expect(await renew()).toEqual({ ok: false, code: "token-expired" });
      if (!answer?.ok) throw new Error(`not saved: ${JSON.stringify(answer)}`);
      expect(await authenticateBearer(answer.token, anonymous())).toMatchObject({ ok: true });
      expect(await refreshTokens(anonymous(), answer)).toMatchObject({ ok: true });
    },
  );
});
