import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../ports/clock.ts";
import type { ThrowawayServer } from "../throwaway/types.ts";
import { ClientQueue } from "./client-queue.ts";
import { Exchange } from "./exchange.ts";
import { Gone } from "./gone.ts";
import { Gate } from "./gate.ts";
import { greet, type Greeting } from "./greet.ts";
import { runHeldSession } from "./held-session.ts";
import { passBytes } from "./pass-bytes.ts";
import { Looker } from "./looker.ts";
import type { Recorder } from "./recorder.ts";
import { makeSideSessions } from "./side-sessions.ts";
import type { Parser } from "./statements.ts";
import { WatchedSession } from "./watched-session.ts";
import { ProtocolViolation } from "./wire/frames.ts";
import { isReplication, type StartupPacket } from "./wire/startup.ts";
import { fatal, TERMINATE } from "./wire/write.ts";

type Startup = Extract<StartupPacket, { kind: "startup" }>;

export interface ConnectionOptions {
  client: Socket;
  dial(): Socket;
  server: ThrowawayServer;
  recorder: Recorder;
  clock: Clock;
  /** Null: nothing is held up, bytes pass by as they are. */
  parser: Parser | null;
}

const PROTOCOL_VIOLATION = "08P01";
const CONNECTION_FAILURE = "08006";

/** Serves one connection to its end. Never throws: what is wrong is told to the client, and both sides are closed. */
export const serveConnection = async (options: ConnectionOptions): Promise<void> => {
  const { client } = options;
  let stream: Duplex = client;
  try {
    const greeting = await greet(client);
    if (greeting === null) return;
    stream = greeting.stream;
    stream.on("error", () => {}); // its end is what counts
    await serve(options, greeting);
  } catch (error) {
    if (!(error instanceof Gone) && stream.writable) stream.write(refusal(error));
  } finally {
    stream.end(() => client.destroySoon());
  }
};

const refusal = (error: unknown): Buffer =>
  fatal(
    error instanceof ProtocolViolation ? PROTOCOL_VIOLATION : CONNECTION_FAILURE,
    `the relay: ${error instanceof Error ? error.message : String(error)}`,
  );

const serve = async (options: ConnectionOptions, { packet, stream, rest }: Greeting): Promise<void> => {
  const server = options.dial();
  try {
    // The keys of a cancel request are the backend's own, so that it goes to the right one.
    if (packet.kind === "cancel") return await passBytes({ stream, server, first: packet.bytes });
    const first = Buffer.concat([packet.bytes, rest]);
    if (isReplication(packet.parameters)) return await passBytes({ stream, server, first });
    if (options.parser === null) {
      const watched = new WatchedSession(options.recorder.connection());
      return await passBytes({ stream, server, first: packet.bytes, rest, tap: watched });
    }
    await hold({ ...options, parser: options.parser }, { packet, stream, rest, server });
  } finally {
    server.destroySoon();
  }
};

const hold = async (
  { server: target, recorder, parser, clock }: ConnectionOptions & { parser: Parser },
  { packet, stream, rest, server }: { stream: Duplex; rest: Buffer; server: Socket; packet: Startup },
): Promise<void> => {
  const queue = new ClientQueue(stream, rest);
  const exchange = new Exchange({ server, client: stream });
  const failed = new Promise<never>((_, reject) => {
    server.on("data", (chunk: Buffer) => {
      try {
        exchange.receive(chunk);
      } catch (error) {
        reject(error as Error);
      }
    });
    server.once("close", () => {
      exchange.gone();
      reject(new Gone("the server has ended the connection"));
    });
  });
  failed.catch(() => {});
  const database = packet.parameters.get("database") ?? packet.parameters.get("user") ?? "postgres";
  const side = makeSideSessions(target, database);
  const connection = recorder.connection();
  const looker = new Looker({ exchange, side, recorder: connection, major: target.major });
  const gate = new Gate({ side, clock, pid: () => exchange.pid });
  try {
    const run = async (): Promise<void> => {
      await logIn({ exchange, queue, packet: packet.bytes });
      await runHeldSession({ exchange, queue, recorder: connection, looker, gate, parser });
    };
    await Promise.race([run(), failed]);
    server.end(TERMINATE);
  } finally {
    connection.end("rolled-back");
    await side.close();
  }
};

/** Passwords go through as they are: the server itself lets the client in. */
const logIn = async ({
  exchange,
  queue,
  packet,
}: {
  exchange: Exchange;
  queue: ClientQueue;
  packet: Buffer;
}): Promise<void> => {
  let waiting = true;
  const outcome = exchange.ask(packet, "startup", { as: "it-came" });
  const settle = (): void => {
    waiting = false;
    queue.wake();
  };
  outcome.then(settle, settle);
  while (waiting) {
    const frame = queue.shiftIf("p");
    if (frame !== null) exchange.tell(frame.bytes);
    else if (queue.ended) throw new Gone("the client left before it was let in");
    else await queue.woken();
  }
  await outcome;
};
