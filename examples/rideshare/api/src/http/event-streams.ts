import type { FastifyReply } from "fastify";

const heartbeatMs = 15_000;
// A client that does not read is cut off before it fills our memory; it reconnects and gets the latest state.
const maxBufferedBytes = 256 * 1024;

export interface EventStream {
  send(event: string, data: unknown): void;
  end(): void;
  /** Aborted once the stream is over, whoever ended it. */
  readonly closed: AbortSignal;
}

export interface EventStreams {
  /** Turns the reply into server-sent events. With each heartbeat it asks `mayGoOn` and ends on a no. */
  open(reply: FastifyReply, mayGoOn: () => Promise<boolean>): EventStream;
  /** Ends every stream cleanly; streams opened later end at once. */
  endAll(): void;
}

export const makeEventStreams = (): EventStreams => {
  const open = new Set<EventStream>();
  let ending = false;
  return {
    open(reply, mayGoOn) {
      const stream = startStream(reply, mayGoOn);
      open.add(stream);
      stream.closed.addEventListener("abort", () => open.delete(stream));
      if (ending) stream.end();
      return stream;
    },
    endAll() {
      ending = true;
      for (const stream of open) stream.end();
    },
  };
};

const startStream = (reply: FastifyReply, mayGoOn: () => Promise<boolean>): EventStream => {
  reply.hijack();
  const { raw } = reply;
  const closed = new AbortController();
  const write = (text: string): void => {
    if (closed.signal.aborted || raw.writableEnded) return;
    if (raw.writableLength > maxBufferedBytes) raw.destroy();
    else raw.write(text);
  };
  const end = (): void => {
    if (!closed.signal.aborted) raw.end();
  };
  const heartbeat = setInterval(() => {
    write(": still here\n\n");
    mayGoOn().then(
      (yes) => {
        if (!yes) end();
      },
      // Not known right now: the next heartbeat asks again.
      () => {},
    );
  }, heartbeatMs);
  raw.on("error", () => {});
  raw.once("close", () => {
    clearInterval(heartbeat);
    closed.abort();
  });
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // Proxies must pass events on at once; and the connection ends with the stream, so that a shutdown is quick.
    "x-accel-buffering": "no",
    connection: "close",
  });
  raw.write("retry: 1000\n\n");
  return {
    closed: closed.signal,
    end,
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
  };
};
