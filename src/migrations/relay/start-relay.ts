import { createServer, connect, type Socket } from "node:net";
import type { Clock } from "../../ports/clock.ts";
import type { ThrowawayServer } from "../throwaway/types.ts";
import { serveConnection } from "./connection.ts";
import { loadParser } from "./load-parser.ts";
import { makeRecorder } from "./recorder.ts";
import type { Relay, RelayMode } from "./types.ts";
import { relayUrl } from "./relay-url.ts";

export interface RelayOptions {
  server: ThrowawayServer;
  mode: RelayMode;
  signal: AbortSignal;
  clock: Clock;
}

/**
 * Listens on a free port of the loopback and passes sessions on to the server; what is seen of them is in `observed`.
 * `close`, and the signal, end every connection: nothing is left open.
 */
export const startRelay = async ({ server, mode, signal, clock }: RelayOptions): Promise<Relay> => {
  signal.throwIfAborted();
  const parser = mode === "locks" ? await loadParser() : null;
  const recorder = makeRecorder({ clock });
  const open = new Set<Socket>();
  const running = new Set<Promise<void>>();
  const track = (socket: Socket): Socket => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => {}); // its end is what counts
    return socket;
  };
  const dial = (): Socket => track(connect({ host: server.host, port: server.port }));
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const run = serveConnection({ client: track(client), dial, server, recorder, clock, parser }).finally(
      () => running.delete(run),
    );
    running.add(run);
  });
  const port = await new Promise<number>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = listener.address();
      if (address !== null && typeof address === "object") resolve(address.port);
    });
  });
  const close = async (): Promise<void> => {
    signal.removeEventListener("abort", onAbort);
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const socket of open) socket.destroy();
    await Promise.allSettled([...running]);
    await closed;
  };
  const onAbort = (): void => void close();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    port,
    url: (target) => relayUrl(target, port),
    observed: recorder.observed,
    reset: recorder.reset,
    close,
  };
};
