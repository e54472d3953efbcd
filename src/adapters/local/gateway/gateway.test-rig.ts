import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { afterEach } from "vitest";
import { makeGateway, type GatewayDeps } from "./gateway.ts";
import type { Gateway, GatewayHost, GatewayInstance, GatewayService, GatewaySite } from "./types.ts";

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export const atEnd = (close: () => Promise<void> | void): void => void closing.push(close);

export const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

export const startGateway = async (
  limits: GatewayDeps["limits"] = {},
): Promise<{ gateway: Gateway; port: number }> => {
  const gateway = makeGateway({ clock, limits });
  atEnd(() => gateway.close());
  const { port } = await gateway.listen({ port: 0 });
  return { gateway, port };
};

export interface Backend {
  port: number;
  server: Server;
  sockets: Set<Socket>;
  stop(): Promise<void>;
}

export const startBackend = async (listener: RequestListener): Promise<Backend> => {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  atEnd(stop);
  return { port: (server.address() as AddressInfo).port, server, sockets, stop };
};

/** A port on which nobody listens. */
export const closedPort = async (): Promise<number> => {
  const backend = await startBackend(() => {});
  await backend.stop();
  return backend.port;
};

export const instance = (port: number): GatewayInstance => ({ id: `i-${port}`, port });

export const service = (
  instances: GatewayInstance[],
  options: Partial<GatewayService> = {},
): GatewayService => ({
  name: "api",
  route: "/*",
  revisions: [{ revision: "r1", release: "rel", weight: 100, instances }],
  ...options,
});

export const host = (
  services: GatewayService[],
  sites: GatewaySite[] = [],
  name = "app.localhost",
): GatewayHost => ({
  host: name,
  environment: "dev",
  services,
  sites,
});

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  bytes: Buffer;
}

export interface Ask {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export const ask = (port: number, options: Ask = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { method = "GET", path = "/", headers = {}, body } = options;
    const request = httpRequest(
      { host: "127.0.0.1", port, method, path, headers: { Host: "app.localhost", ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString(),
          });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });

/** Sends bytes as they are and gives all that comes back until the connection closes, or `until` is seen. */
export const raw = (port: number, bytes: string, until?: (text: string) => boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (until?.(text) === true) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });

export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await clock.sleep(5);
};
