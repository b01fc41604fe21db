import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { createPipelineQueue } from "./pipeline-queue";

it("tells every request that waits on a connection when that is gone, as whatever they hold is released then", async () => {
  const awaitTurn = createPipelineQueue();
  const socket = new PassThrough();
  const told: boolean[] = [];
  const ask = () =>
    awaitTurn({ socket } as unknown as IncomingMessage, new EventEmitter() as ServerResponse).then((isTurn) =>
      told.push(isTurn),
    );
  for (let n = 0; n < 4; n += 1) void ask();
  await setImmediate();
  expect(told).toEqual([true]);
  await once(socket.destroy(), "close");
  void ask();
  await setImmediate();
  expect(told).toEqual([true, false, false, false, false]);
});
