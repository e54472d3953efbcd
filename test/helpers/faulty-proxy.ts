import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export interface Asked {
  method: string;
  /** Without its query. */
  path: string;
  headers: IncomingMessage["headers"];
  /** Of this proxy, from 1. */
  number: number;
}

/**
 * What happens to a request. `leastMs`: the answer is held back until so much has passed since it was asked. "lost": the
 * server does it, and the connection ends without an answer.
 */
export type Fate =
  | { type: "pass"; leastMs?: number; without?: string[] }
  | { type: "lost" }
  | { type: "reset" }
  | { type: "hang" }
  | { type: "half"; bytes: number }
  | { type: "answer"; status: number; code: string; headers?: Record<string, string> }
  /** Another writer comes in between, and then the server is asked. */
  | { type: "after"; first: () => Promise<unknown> };

export interface FaultyProxy {
  endpoint: string;
  /** Every request so far. */
  asked: Asked[];
  /** Decides from now on. */
  fate(decide: (asked: Asked) => Fate): void;
  close(): Promise<void>;
}

/** An HTTP proxy in front of a server, which does to each request what the test says. */
export const startFaultyProxy = async (target: string): Promise<FaultyProxy> => {
  const { hostname, port } = new URL(target);
  const asked: Asked[] = [];
  let decide: (asked: Asked) => Fate = () => ({ type: "pass" });

  const forward = (incoming: IncomingMessage, body: Buffer, headers: IncomingMessage["headers"]) =>
    new Promise<{ answer: IncomingMessage; body: Buffer }>((resolve, reject) => {
      const sent = request(
        { hostname, port, method: incoming.method, path: incoming.url, headers },
        (answer) => void bodyOf(answer).then((got) => resolve({ answer, body: got }), reject),
      );
      sent.on("error", reject).end(body);
    });

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const about: Asked = {
      method: incoming.method ?? "",
      path: (incoming.url ?? "").split("?")[0]!,
      headers: incoming.headers,
      number: asked.length + 1,
    };
    asked.push(about);
    const fate = decide(about);
    if (fate.type === "hang") return;
    if (fate.type === "reset") return void incoming.socket.resetAndDestroy();
    if (fate.type === "answer") {
      outgoing.writeHead(fate.status, { "content-type": "application/xml", ...fate.headers });
      return void outgoing.end(`<Error><Code>${fate.code}</Code><Message>as the test says</Message></Error>`);
    }
    if (fate.type === "after") await fate.first();
    const headers = { ...incoming.headers };
    if (fate.type === "pass") for (const name of fate.without ?? []) delete headers[name];
    const held = fate.type === "pass" && fate.leastMs !== undefined ? wait(fate.leastMs) : null;
    const got = await forward(incoming, body, headers);
    await held;
    if (fate.type === "lost") return void incoming.socket.destroy();
    outgoing.writeHead(got.answer.statusCode ?? 500, got.answer.headers);
    if (fate.type !== "half") return void outgoing.end(got.body);
    outgoing.write(got.body.subarray(0, fate.bytes), () => incoming.socket.destroy());
  };

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    fate: (next) => void (decide = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const bodyOf = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
