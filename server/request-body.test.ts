import { once } from "node:events";
import { createServer, IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createPipelineQueue } from "./pipeline-queue";
import { createBodyAdmission } from "./request-body";

const LENGTH = 65_536;
const MOST = 60_000;
/** Room for three bodies, for each of which the largest size has been allocated by the time that most of it is there. */
const ROOM = 3 * LENGTH;

let server: Server;
/** How many requests for `/held` are being handled. */
let handled: number;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Answers each request in its turn with what became of its body; one for `/held` not at all. */
async function listen(): Promise<void> {
  handled = 0;
  const admit = createBodyAdmission({ room: ROOM });
  const awaitTurn = createPipelineQueue();
  server = createServer(async (request, response) => {
    const turn = awaitTurn(request, response);
    const admission = await admit(request, turn);
    if (!(await turn)) return;
    if (request.url === "/held") handled += 1;
    else response.end(admission);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
}

/** Sends most of a body, and waits until the server has read it. */
async function beginBody(target = "/") {
  const connected: Promise<Socket[]> = once(server, "connection");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const body = { answer: "", finish: () => socket.write("b".repeat(LENGTH - MOST)), leave };
  socket.on("data", (data) => {
    body.answer += data;
  });
  const head = `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${LENGTH}\r\n\r\n`;
  socket.write(head + "a".repeat(MOST));
  const [peer] = await connected;
  await expect.poll(() => peer?.bytesRead).toBe(head.length + MOST);
  function leave() {
    socket.destroy();
    return new Promise((resolve) => peer?.once("close", resolve));
  }
  return body;
}

it("of more bodies than there is room for, the one that has been arriving longest is turned away", async () => {
  await listen();
  const [first, second, third] = [await beginBody(), await beginBody(), await beginBody()];
  expect(first.answer).toBe("");
  const fourth = await beginBody();
  await expect.poll(() => first.answer).toMatch(/turned-away/);
  for (const body of [second, third, fourth]) {
    expect(body.answer).toBe("");
    body.finish();
    await expect.poll(() => body.answer).toMatch(/admitted/);
  }
});

it("a body that has arrived, or whose client has left, takes no more room, also while its request is handled", async () => {
  await listen();
  const waiting = await beginBody();
  for (let round = 1; round <= 2; round += 1) {
    (await beginBody("/held")).finish();
    await expect.poll(() => handled).toBe(round);
  }
  for (let round = 0; round < 2; round += 1) {
    const [one, other] = [await beginBody(), await beginBody()];
    one.finish();
    await expect.poll(() => one.answer).toMatch(/admitted/);
    await other.leave();
  }
  expect(waiting.answer).toBe("");
});

it("bodies that wait behind an unanswered request take room, and are dropped with their connection", async () => {
  await listen();
  const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${LENGTH}\r\n\r\n${"a".repeat(LENGTH)}`;
  const hold = async () => {
    const connected: Promise<Socket[]> = once(server, "connection");
    const text = `GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n${post.repeat(2)}`;
    connect((server.address() as AddressInfo).port, "127.0.0.1")
      .on("error", () => undefined)
      .write(text);
    const [peer] = await connected;
    await expect.poll(() => peer?.bytesRead).toBe(text.length);
    return peer;
  };
  const [first, second] = [await hold(), await hold()];
  expect([first?.destroyed, second?.destroyed]).toEqual([true, false]);
  const [third, fourth] = [await beginBody(), await beginBody()];
  expect(second?.destroyed).toBe(true);
  for (const body of [third, fourth]) {
    body.finish();
    await expect.poll(() => body.answer).toMatch(/admitted/);
  }
});

it("there is room for a thousand of the largest bodies", async () => {
  await listen();
  const admit = createBodyAdmission();
  const most = Buffer.alloc(MOST);
  const arrivals = Array.from({ length: 1_001 }, () => {
    const request = new IncomingMessage(new Socket());
    request.headers["content-length"] = String(LENGTH);
    const admission = admit(request, Promise.resolve(true));
    request.push(most);
    return admission;
  });
  expect(await arrivals[0]).toBe("turned-away");
  expect(await Promise.race([...arrivals.slice(1), "arriving"])).toBe("arriving");
});
