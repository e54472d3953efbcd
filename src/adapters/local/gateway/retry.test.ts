import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  ask,
  atEnd,
  clock,
  closedPort,
  host,
  instance,
  service,
  startBackend,
  startGateway,
  until,
} from "./gateway.test-rig.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

/** Accepts, reads, and closes without an answer. */
const silentCloser = async (counts: { requests: number }): Promise<number> => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      counts.requests++;
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => void server.close());
  return (server.address() as AddressInfo).port;
};

test("a GET that got no byte is answered by another instance; a POST is sent once and fails", async () => {
  const counts = { requests: 0 };
  const bad = await silentCloser(counts);
  const good = await startBackend((_, response) => response.end("good"));
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(bad), instance(good.port)])])]);
  for (let round = 0; round < 6; round++) expect((await ask(port)).text).toBe("good");
  expect(counts.requests).toBeGreaterThan(0);
  gateway.configure([host([service([instance(bad)])])]);
  counts.requests = 0;
  const post = await ask(port, { method: "POST", body: "x" });
  expect(post.status).toBe(502);
  expect(JSON.parse(post.text)).toMatchObject({ error: { code: "UPSTREAM_FAILED" } });
  expect(counts.requests).toBe(1);
  counts.requests = 0;
  expect((await ask(port)).status).toBe(502);
  expect(counts.requests).toBe(1 + DEFAULT_LIMITS.retries);
});

test("a refused connection is tried elsewhere for every method, and left out for a while", async () => {
  const dead = await closedPort();
  const bodies: string[] = [];
  const good = await startBackend((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      bodies.push(body);
      response.end("good");
    });
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(dead), instance(good.port)])])]);
  for (let round = 0; round < 4; round++)
    expect((await ask(port, { method: "POST", body: `body ${round}` })).text).toBe("good");
  expect(bodies).toEqual(["body 0", "body 1", "body 2", "body 3"]);
  expect(gateway.metrics("dev", "api", "r1", 60_000)).toMatchObject({ requests: 4, errors: 0 });
});

test("without an instance a request waits a little for one, and then is told when to come again", async () => {
  const good = await startBackend((request, response) => request.pipe(response));
  const { gateway, port } = await startGateway({ holdMs: 5_000 });
  gateway.configure([host([service([])])]);
  const waiting = ask(port, { method: "POST", body: "kept" });
  await clock.sleep(50);
  gateway.configure([host([service([instance(good.port)])])]);
  expect((await waiting).text).toBe("kept");
  const short = await startGateway({ holdMs: 30 });
  short.gateway.configure([host([service([instance(await closedPort())])])]);
  const none = await ask(short.port);
  expect(none.status).toBe(503);
  expect(none.headers["retry-after"]).toBe("1");
  expect(JSON.parse(none.text)).toMatchObject({ error: { code: "NO_INSTANCE" } });
});

test("more requests than may be held are refused at once", async () => {
  const { gateway, port } = await startGateway({ holdMs: 60_000, holdMax: 1 });
  gateway.configure([host([service([])])]);
  const first = ask(port).catch(() => null);
  await clock.sleep(50);
  expect((await ask(port)).status).toBe(503);
  await gateway.close();
  expect((await first)?.status ?? 503).toBe(503);
});

test("an instance that sends no head in time is a 504, and a long upload is not counted as waiting", async () => {
  const backend = await startBackend((request, response) => {
    request.on("data", () => {});
    if (request.method === "POST") request.on("end", () => response.end("done"));
  });
  const { gateway, port } = await startGateway({ headersMs: 400 });
  gateway.configure([host([service([instance(backend.port)])])]);
  const late = await ask(port);
  expect(late.status).toBe(504);
  expect(gateway.metrics("dev", "api", "r1", 60_000)).toMatchObject({ requests: 1, errors: 1 });
  const { request } = await import("node:http");
  const status = await new Promise<number>((resolve, reject) => {
    const upload = request(
      { host: "127.0.0.1", port, method: "POST", headers: { Host: "app.localhost" } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    upload.on("error", reject);
    void (async () => {
      for (let piece = 0; piece < 12; piece++) {
        upload.write("x");
        await clock.sleep(100);
      }
      upload.end();
    })();
  });
  expect(status).toBe(200);
});

test("an answer that breaks off is broken off for the client, and counted", async () => {
  const backend = await startBackend((_, response) => {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("part");
    setTimeout(() => response.destroy(), 20);
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  await expect(ask(port)).rejects.toThrow();
  expect(gateway.metrics("dev", "api", "r1", 60_000)).toMatchObject({ requests: 1, errors: 1 });
});

test("what is not HTTP is a 502 and not passed on", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end("HELLO\r\n\r\n"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => void server.close());
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance((server.address() as AddressInfo).port)])])]);
  const reply = await ask(port);
  expect(reply.status).toBe(502);
  expect(reply.text).not.toContain("HELLO");
});

test("killing one instance's process under load fails no GET", async () => {
  const script = `require("http").createServer((q, s) => s.end("child")).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  atEnd(() => void child.kill("SIGKILL"));
  const childPort = await new Promise<number>((resolve) =>
    child.stdout.once("data", (text: Buffer) => resolve(Number(text))),
  );
  const other = await startBackend((_, response) => response.end("other"));
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(childPort), instance(other.port)])])]);
  const answers = { child: 0, other: 0, failed: 0 };
  let stop = false;
  const clients = Array.from({ length: 8 }, async () => {
    while (!stop) {
      const reply = await ask(port);
      if (reply.text === "child") answers.child++;
      else if (reply.text === "other") answers.other++;
      else answers.failed++;
    }
  });
  await until(() => answers.child > 20);
  child.kill("SIGKILL");
  const at = answers.other;
  await until(() => answers.other > at + 100);
  stop = true;
  await Promise.all(clients);
  expect(answers.failed).toBe(0);
});
