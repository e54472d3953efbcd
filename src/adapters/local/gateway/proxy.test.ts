import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import {
  ask,
  atEnd,
  clock,
  host,
  instance,
  raw,
  service,
  startBackend,
  startGateway,
  until,
} from "./gateway.test-rig.ts";

test("hosts are told apart without port and case; an unknown one gets a page that lists the known", async () => {
  const one = await startBackend((_, response) => response.end("one"));
  const two = await startBackend((_, response) => response.end("two"));
  const { gateway, port } = await startGateway();
  gateway.configure([
    host([service([instance(one.port)])], [], "one.localhost"),
    host([service([instance(two.port)])], [], "two.localhost"),
  ]);
  expect((await ask(port, { headers: { Host: "TWO.localhost:8080" } })).text).toBe("two");
  expect((await ask(port, { headers: { Host: `127.0.0.1:${port}` } })).text).toBe("one");
  const unknown = await ask(port, { headers: { Host: "three.localhost" } });
  expect(unknown.status).toBe(404);
  expect(unknown.text).toContain("one.localhost, two.localhost");
});

test("the longest route wins, and a prefix ends at a slash", async () => {
  const api = await startBackend((_, response) => response.end("api"));
  const deep = await startBackend((_, response) => response.end("deep"));
  const { gateway, port } = await startGateway();
  gateway.configure([
    host([
      service([instance(api.port)], { route: "/api/*" }),
      service([instance(deep.port)], { name: "deep", route: "/api/deep/*" }),
    ]),
  ]);
  const texts = [];
  for (const path of ["/api", "/api/x?y=/api/deep/", "/api/deep/1", "/api/deeper"])
    texts.push((await ask(port, { path })).text);
  expect(texts).toEqual(["api", "api", "deep", "api"]);
  expect((await ask(port, { path: "/apis" })).status).toBe(404);
});

test("headers pass, hop-by-hop ones end at the gateway, forwarded ones are set fresh", async () => {
  const backend = await startBackend((request, response) => {
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    response.setHeader("Proxy-Connection", "keep-alive");
    response.setHeader("Connection", "X-Inner, keep-alive");
    response.setHeader("X-Inner", "1");
    response.end(JSON.stringify(request.headers));
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const reply = await ask(port, {
    headers: {
      "X-Forwarded-For": "6.6.6.6",
      "X-Forwarded-Proto": "https",
      Forwarded: "for=1.2.3.4",
      TE: "trailers",
      Connection: "X-Secret-Hop, keep-alive",
      "X-Secret-Hop": "1",
      Cookie: "c=3",
    },
  });
  const seen = JSON.parse(reply.text) as Record<string, string>;
  expect(seen).toMatchObject({
    host: "app.localhost",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-host": "app.localhost",
    forwarded: "for=1.2.3.4",
    cookie: "c=3",
  });
  expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(["te"]));
  expect(seen["x-secret-hop"]).toBeUndefined();
  expect(reply.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  expect(reply.headers["x-inner"]).toBeUndefined();
  expect(reply.headers["proxy-connection"]).toBeUndefined();
  expect(reply.headers.date).toBeDefined();
});

test("bodies of every framing pass unchanged both ways", async () => {
  const backend = await startBackend((request, response) => {
    if (request.url === "/length")
      response.setHeader("Content-Length", request.headers["content-length"] ?? "0");
    request.pipe(response);
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const body = Buffer.alloc(3_000_000, "abcdefgh\u00e4");
  for (const path of ["/length", "/chunked"]) {
    const plain = await ask(port, {
      method: "POST",
      path,
      body,
      headers: { "Content-Length": String(body.length) },
    });
    expect(plain.bytes.equals(body)).toBe(true);
    const chunked = await ask(port, {
      method: "PUT",
      path: "/chunked",
      body,
      headers: { "Transfer-Encoding": "chunked" },
    });
    expect(chunked.bytes.equals(body)).toBe(true);
  }
});

test("small answers keep every byte, also over one connection with pipelined and HTTP/1.0 requests", async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const backend = await startBackend((request, response) => {
    if (request.url === "/empty") return void response.writeHead(204).end();
    response.setHeader("Content-Length", bytes.length);
    response.end(bytes);
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  expect((await ask(port)).bytes.equals(bytes)).toBe(true);
  const get = "GET / HTTP/1.1\r\nHost: app.localhost\r\n\r\n";
  const close = "GET /empty HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n";
  const text = await raw(port, get + get + close);
  expect(text.split(bytes.toString("latin1"))).toHaveLength(3);
  expect(text).toContain("HTTP/1.1 204");
  const old = await raw(port, "GET / HTTP/1.0\r\nHost: app.localhost\r\n\r\n");
  expect(old.endsWith(bytes.toString("latin1"))).toBe(true);
  expect(old.toLowerCase()).toContain("connection: close");
});

test("HEAD, 304 and empty answers have no body and leave the connection usable", async () => {
  const backend = await startBackend((request, response) => {
    if (request.url === "/same") return void response.writeHead(304, { ETag: '"x"' }).end();
    response.setHeader("Content-Length", 5);
    response.end("hello");
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const head = await ask(port, { method: "HEAD" });
  expect(head.headers["content-length"]).toBe("5");
  expect(head.text).toBe("");
  expect((await ask(port, { path: "/same" })).status).toBe(304);
  expect((await ask(port)).text).toBe("hello");
});

test("events of a stream arrive one by one while it is open", async () => {
  let send: (text: string) => void = () => {};
  const backend = await startBackend((_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    send = (text) => void response.write(text);
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const seen: string[] = [];
  const request = httpRequest({ host: "127.0.0.1", port, headers: { Host: "app.localhost" } });
  request.end();
  // The head comes although no byte of the body is there.
  await new Promise<void>((resolve) =>
    request.on("response", (response) => {
      response.on("data", (chunk: Buffer) => seen.push(chunk.toString()));
      response.on("error", () => {});
      resolve();
    }),
  );
  for (const text of ["data: 1\n\n", "data: 2\n\n"]) {
    send(text);
    await until(() => seen.at(-1) === text);
  }
  expect(seen).toEqual(["data: 1\n\n", "data: 2\n\n"]);
  request.destroy();
});

test("100-continue is said only when an instance takes the body", async () => {
  const backend = await startBackend((request, response) => request.pipe(response));
  const { gateway, port } = await startGateway({ holdMs: 30 });
  const head = "POST / HTTP/1.1\r\nHost: app.localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  gateway.configure([host([service([])])]);
  const refused = await raw(port, head, (text) => text.includes("}}"));
  expect(refused.startsWith("HTTP/1.1 503")).toBe(true);
  gateway.configure([host([service([instance(backend.port)])])]);
  const text = await new Promise<string>((resolve) => {
    let seen = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(head));
    socket.on("data", (chunk) => {
      seen += chunk.toString();
      if (seen === "HTTP/1.1 100 Continue\r\n\r\n") socket.write("ok");
      if (seen.includes("ok")) socket.destroy();
    });
    socket.on("close", () => resolve(seen));
  });
  expect(text).toContain("HTTP/1.1 200");
});

test("when the client goes, the request at the instance is given up and nothing stays in flight", async () => {
  let aborted = false;
  let arrived = false;
  const backend = await startBackend((request, response) => {
    arrived = true;
    response.on("close", () => (aborted = !response.writableEnded));
    request.resume();
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const socket = connect(port, "127.0.0.1", () =>
    socket.write("GET / HTTP/1.1\r\nHost: app.localhost\r\n\r\n"),
  );
  await until(() => arrived);
  expect(gateway.totals()[0]?.inFlight).toBe(1);
  socket.destroy();
  await until(() => aborted);
  expect(await gateway.drain([`i-${backend.port}`], { timeoutMs: 5_000 })).toBe(0);
  expect(gateway.metrics("dev", "api", "r1", 60_000)).toMatchObject({ requests: 0, errors: 0 });
});

test("a client that reads slowly slows the instance down instead of filling memory", async () => {
  let written = 0;
  const total = 256 * 1024 * 1024;
  const chunk = Buffer.alloc(64 * 1024, 1);
  const backend = await startBackend((_, response) => {
    response.writeHead(200, { "Content-Length": total });
    const more = (): void => {
      while (written < total) {
        written += chunk.length;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const socket = connect(port, "127.0.0.1", () =>
    socket.write("GET / HTTP/1.1\r\nHost: app.localhost\r\n\r\n"),
  );
  atEnd(() => void socket.destroy());
  socket.pause();
  let before = -1;
  while (before !== written) {
    before = written;
    await clock.sleep(200);
  }
  // What the kernel's buffers of two connections hold, and no more.
  expect(written).toBeLessThan(64 * 1024 * 1024);
  let read = 0;
  socket.on("data", (bytes) => (read += bytes.length));
  socket.resume();
  await until(() => read >= total);
});

test("requests that could be understood in two ways are refused", async () => {
  let seen = 0;
  const backend = await startBackend((_, response) => {
    seen++;
    response.end();
  });
  const { gateway, port } = await startGateway();
  gateway.configure([host([service([instance(backend.port)])])]);
  const heads = [
    "POST / HTTP/1.1\r\nHost: app.localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: app.localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "GET / HTTP/1.1\r\nHost: app.localhost\r\nHost: other\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: app.localhost\r\nX-A: b\nX-C: d\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: app.localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "GET * HTTP/1.1\r\nHost: app.localhost\r\n\r\n",
  ];
  for (const head of heads) expect(await raw(port, head)).toMatch(/^HTTP\/1\.1 400/);
  expect(seen).toBe(0);
});

test("the port that is in use is named", async () => {
  const { port } = await startGateway();
  const { gateway } = await startGateway();
  await expect(gateway.listen({ port })).rejects.toThrow();
  const other = await import("./gateway.ts");
  const second = other.makeGateway({ clock });
  atEnd(() => second.close());
  await expect(second.listen({ port })).rejects.toMatchObject({ code: "PORT_TAKEN" });
});
