import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Hears what passes. May throw, which ends the connection. */
export interface Tap {
  fromClient(chunk: Buffer): void;
  fromServer(chunk: Buffer): void;
}

interface PassOptions {
  stream: Duplex;
  server: Socket;
  /** The startup packet, which no tap hears. */
  first: Buffer;
  rest?: Buffer;
  tap?: Tap;
}

/** Passes bytes between both sides, no faster than each reads, until both have ended. Rejects when the tap throws. */
export const passBytes = ({
  stream,
  server,
  first,
  rest = Buffer.alloc(0),
  tap,
}: PassOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    const carry = (from: Duplex, to: Duplex, hear: ((chunk: Buffer) => void) | undefined): void => {
      from.on("data", (chunk: Buffer) => {
        try {
          hear?.(chunk);
        } catch (error) {
          from.pause();
          reject(error as Error);
          return;
        }
        if (to.writable && !to.write(chunk)) {
          from.pause();
          to.once("drain", () => from.resume());
        }
      });
      from.once("end", () => to.end());
    };
    server.write(Buffer.concat([first, rest]));
    if (rest.length > 0) tap?.fromClient(rest);
    carry(stream, server, tap?.fromClient.bind(tap));
    carry(server, stream, tap?.fromServer.bind(tap));
    server.once("close", resolve);
    stream.once("close", resolve);
    stream.resume();
  });
