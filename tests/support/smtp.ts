import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail as the server received it: the SMTP envelope and the message. */
export type ReceivedMail = { from: string; to: string[]; raw: string; parsed: ParsedMail };

export type TestSmtp = {
  port: number;
  mails: ReceivedMail[];
  /** Returns the error code for a recipient, or null to accept it. By default accepts all, as `reset` does again. */
  onRecipient: (address: string) => number | null;
  /** Runs when a whole mail has arrived, before the server acknowledges it. */
  onReceived: (mail: ReceivedMail) => Promise<void> | void;
  reset: () => void;
  stop: () => Promise<void>;
};

function refusal(code: number): Error {
  return Object.assign(new Error(code < 500 ? "try again later" : "no such mailbox here"), {
    responseCode: code,
  });
}

/** Starts a real SMTP server on a free port of the loopback. It keeps every mail. */
export async function startSmtp(options: SMTPServerOptions = {}): Promise<TestSmtp> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onRcptTo({ address }, _session, done) {
      const code = smtp.onRecipient(address);
      done(code === null ? null : refusal(code));
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        void (async () => {
          const raw = Buffer.concat(chunks).toString("utf8");
          const from = envelope.mailFrom ? envelope.mailFrom.address : "";
          const to = envelope.rcptTo.map(({ address }) => address);
          const mail = { from, to, raw, parsed: await simpleParser(raw) };
          mails.push(mail);
          await smtp.onReceived(mail);
          done(null);
        })().catch((error: Error) => done(error));
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const smtp: TestSmtp = {
    port: (listening.address() as AddressInfo).port,
    mails,
    onRecipient: () => null,
    onReceived: () => undefined,
    reset() {
      mails.length = 0;
      smtp.onRecipient = () => null;
      smtp.onReceived = () => undefined;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return smtp;
}

/** Starts a TCP server that misbehaves as a mail server: `talk` handles each connection. */
export async function startBrokenMailServer(
  talk: (socket: Socket) => void,
): Promise<{ port: number; connections: () => number; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    talk(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Speaks SMTP up to the mail's data, and hangs up: in the middle of it, or at its end without an answer.
 * @param hangUp what to do in place of that
 */
export function hangUpAt(
  moment: "mid-data" | "after-data",
  hangUp = (socket: Socket): void => void socket.destroy(),
): (socket: Socket) => void {
  return (socket) => {
    let isData = false;
    let text = "";
    socket.write("220 odd.example ESMTP\r\n");
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (isData) {
        if (moment === "mid-data" || text.endsWith("\r\n.\r\n")) hangUp(socket);
        return;
      }
      for (let cut = text.indexOf("\r\n"); cut >= 0 && !isData; cut = text.indexOf("\r\n")) {
        const line = text.slice(0, cut).toUpperCase();
        text = text.slice(cut + 2);
        isData = line === "DATA";
        socket.write(isData ? "354 go on\r\n" : "250 ok\r\n");
      }
    });
  };
}
