import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail as the server received it: the envelope that SMTP carried, and what stood in it. */
export type ReceivedMail = { from: string; to: string[]; raw: string; parsed: ParsedMail };

export type TestSmtp = {
  port: number;
  mails: ReceivedMail[];
  /** What the server does with the next mails; each begins with taking everything. */
  onRecipient: (address: string) => number | null;
  /** Runs when a mail has come in whole, before the server says that it has. */
  onReceived: (mail: ReceivedMail) => Promise<void> | void;
  reset: () => void;
  stop: () => Promise<void>;
};

function refusal(code: number): Error {
  return Object.assign(new Error(code < 500 ? "try again later" : "no such mailbox here"), {
    responseCode: code,
  });
}

/** A real SMTP server on loopback, on a free port. It keeps what it is given. */
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

/** Something that is no proper mail server: answers as told, to whatever it is sent. */
export async function startOddServer(
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

/** Speaks SMTP as far as the mail's text, and hangs up: in its middle, or once it has all of it. */
export function hangUpAt(moment: "mid-data" | "after-data"): (socket: Socket) => void {
  return (socket) => {
    let isData = false;
    let text = "";
    socket.write("220 odd.example ESMTP\r\n");
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (isData) {
        if (moment === "mid-data" || text.endsWith("\r\n.\r\n")) socket.destroy();
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
