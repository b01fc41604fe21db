import { setImmediate } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { hold } from "@/tests/support/hold";

afterEach(() => {
  vi.useRealTimers();
});

it("lets four through in a whole process, even if it loads the module more than once", async () => {
  const forPages = await import("./account-gate");
  vi.resetModules();
  const forRoutes = await import("./account-gate");
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await setImmediate();
    running -= 1;
  };
  await Promise.all(
    [forPages, forRoutes].flatMap(({ attemptGateKey, withAccountLimit }) =>
      Array.from({ length: 8 }, () => withAccountLimit(attemptGateKey("ada@example.org"), work)),
    ),
  );
  expect(most).toBe(4);
});

it("turns away whoever has waited for twenty seconds, also before their turn comes, and only those", async () => {
  const { newPasswordGateKey, withAccountLimit } = await import("./account-gate");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const run = (work: () => Promise<unknown>) => withAccountLimit(newPasswordGateKey("ada"), work);
  const { held, release } = hold();
  const first = Array.from({ length: 4 }, () => run(() => held));
  await setImmediate();
  const work = vi.fn(async () => "done");
  const early = expect(run(work)).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: 5 });
  vi.advanceTimersByTime(1_000);
  const late = run(work);
  vi.advanceTimersByTime(19_500);
  await early;
  release();
  await Promise.all(first);
  expect(await late).toBe("done");
  expect(work).toHaveBeenCalledOnce();
  expect(await run(work)).toBe("done");
  expect(vi.getTimerCount()).toBe(0);
});
