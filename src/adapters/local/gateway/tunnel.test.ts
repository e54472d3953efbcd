import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import {
  ask,
  atEnd,
  host,
  instance,
  raw,
  service,
  startBackend,
  startGateway,
  until,
} from "./gateway.test-rig.ts";

const startSockets = async () => {
  const backend = await startBackend((_, response) => response.end("plain"));
  const sockets = new WebSocketServer({ server: backend.server, path: "/ws" });
  sockets.on("connection", (socket, request) => {
    socket.send(`hello ${String(request.headers["x-forwarded-host"])}`);
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  atEnd(() => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  });
  return { backend, sockets };
};

const open = (port: number, path = "/ws"): WebSocket => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { Host: "app.localhost" } });
  atEnd(() => socket.terminate());
  return socket;
};

const message = (socket: WebSocket): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    socket.once("message", (data: Buffer) => resolve(data));
    socket.once("error", reject);
  });

test("a WebSocket carries messages both ways, small and large, and ends when the client ends it", async () => {
  const { backend, sockets } = await startSockets();
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const socket = open(port);
  expect((await message(socket)).toString()).toBe("hello app.localhost");
  socket.send("ping");
  expect((await message(socket)).toString()).toBe("ping");
  const large = Buffer.alloc(8 * 1024 * 1024, 7);
  socket.send(large);
  expect((await message(socket)).equals(large)).toBe(true);
  expect(gateway.totals()[0]?.inFlight).toBe(1);
  socket.close();
  await until(() => sockets.clients.size === 0 && gateway.totals()[0]?.inFlight === 0);
});

test("a WebSocket counts as under way, and is closed when the drain's time is over", async () => {
  const { backend, sockets } = await startSockets();
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const socket = open(port);
  await message(socket);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  gateway.configure([host([service([])])]);
  expect(await gateway.drain([`i-${backend.port}`], { timeoutMs: 100 })).toBe(1);
  await closed;
  await until(() => sockets.clients.size === 0);
  expect(gateway.totals()[0]?.inFlight).toBe(0);
});

test("an upgrade that the instance refuses is answered as it answers", async () => {
  const { backend } = await startSockets();
  const { gateway, port } = await startGateway({ holdMs: 30 });
  gateway.configure([host([service([instance(backend.port)])])]);
  const refused = open(port, "/elsewhere");
  const status = await new Promise((resolve) => {
    refused.once("unexpected-response", (_, response) => resolve(response.statusCode));
    refused.once("error", () => resolve("error"));
  });
  expect(status).toBe(400);
  gateway.configure([host([service([])])]);
  const none = open(port);
  const unavailable = await new Promise((resolve) => {
    none.once("unexpected-response", (_, response) => resolve(response.statusCode));
    none.once("error", () => resolve("error"));
  });
  expect(unavailable).toBe(503);
});

test("an offer to upgrade that the instance ignores is answered as a plain request", async () => {
  const backend = await startBackend((_, response) => response.end("plain"));
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const text = await raw(
    port,
    "GET / HTTP/1.1\r\nHost: app.localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n",
  );
  expect(text).toMatch(/^HTTP\/1\.1 200/);
  expect(text).toContain("plain");
  expect((await ask(port)).text).toBe("plain");
});
