import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";

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
