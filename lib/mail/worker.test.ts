import { expect, it, vi } from "vitest";
import { log } from "@/lib/core/log";
import { createServerAwayLogger } from "./worker";

it("logs immediately that a server takes no mail, and then once a minute", () => {
  const warned = vi.spyOn(log(), "warn").mockReturnValue();
  let now = 0;
  const tell = createServerAwayLogger(() => now);
  for (now = 0; now <= 90_000; now += 5_000) tell(`refused at ${now}`);
  expect(warned.mock.calls).toEqual([
    [{ event: "mail-server-away", reason: "refused at 0" }],
    [{ event: "mail-server-away", reason: "refused at 60000" }],
  ]);
  warned.mockRestore();
});
