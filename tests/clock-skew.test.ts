import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Has what follows happen on a server whose clock is ahead of the database's, or behind it. */
function onServerAheadBy(seconds: number): void {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 });
}

const refresh = (refreshToken: string | null) =>
  refreshTokens(anonymous(), { refreshToken: refreshToken ?? "" });
const expired = { ok: false, code: "token-expired" };

describe("servers whose clocks differ by as much as they may", () => {
  it.each([
    [0, 45],
    [0, -45],
    [45, 0],
    [-25, 25],
  ])(
    "lead a refresh token that is used at both at once, at %i and %i seconds, to one successor",
    async (one, other) => {
      const { refreshToken } = await loggedIn(await makeUser(), { kind: "REST" });
      onServerAheadBy(one);
      const first = await refresh(refreshToken);
      onServerAheadBy(other);
      expect([first, await refresh(refreshToken)]).toMatchObject([{ ok: true }, { ok: true }]);
    },
  );

  it.each([-45, 45])("take one that is used again later for leaked, at %i seconds too", async (seconds) => {
    const { refreshToken } = await loggedIn(await makeUser(), { kind: "REST" });
    onServerAheadBy(seconds);
    expect(await refresh(refreshToken)).toMatchObject({ ok: true });
    onServerAheadBy(0);
    const later = new Date(Date.now() + 11_000);
    expect(await refreshTokens(anonymous(), { refreshToken: refreshToken ?? "" }, later)).toEqual(expired);
  });
});
