import { Agent, request as httpRequest } from "node:http";
import { expect, test } from "vitest";
import {
  atEnd,
  clock,
  host,
  instance,
  service,
  startBackend,
  startGateway,
  until,
  type Backend,
} from "./gateway.test-rig.ts";

interface Tally {
  done: number;
  failures: string[];
}

/** Asks again and again over kept connections until told to stop, and checks every answer. */
const load = (port: number, agent: Agent, tally: Tally) => {
  let stopped = false;
  const once = (method: string, path: string, body: string | null): Promise<void> =>
    new Promise((resolve) => {
      const fail = (reason: string): void => {
        tally.failures.push(`${method} ${path}: ${reason}`);
        resolve();
      };
      const request = httpRequest(
        { host: "127.0.0.1", port, method, path, agent, headers: { Host: "app.localhost" } },
        (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString()));
          response.on("error", (error) => fail(error.message));
          response.on("end", () => {
            const wanted = path === "/stream" ? "0123456789" : (body ?? "get");
            if (response.statusCode !== 200 || text !== wanted)
              return fail(`${response.statusCode} ${text.slice(0, 100)}`);
            tally.done++;
            resolve();
          });
        },
      );
      request.on("error", (error) => fail(error.message));
      request.end(body ?? undefined);
    });
  const loop = async (step: () => Promise<void>): Promise<void> => {
    while (!stopped) await step();
  };
  const body = "p".repeat(20_000);
  const all = Promise.all([
    ...Array.from({ length: 6 }, () => loop(() => once("GET", "/", null))),
    ...Array.from({ length: 3 }, () => loop(() => once("POST", "/echo", body))),
    ...Array.from({ length: 3 }, () => loop(() => once("GET", "/stream", null))),
  ]);
  return async () => {
    stopped = true;
    await all;
  };
};

const startApp = (): Promise<Backend> =>
  startBackend((request, response) => {
    if (request.url === "/echo") return void request.pipe(response);
    if (request.url !== "/stream") {
      response.setHeader("Content-Length", 3);
      return void response.end("get");
    }
    let digit = 0;
    const next = (): void => {
      response.write(String(digit++));
      if (digit < 10) setTimeout(next, 2);
      else response.end();
    };
    next();
  });

test("200 switches of the upstream, each with a drain and a stop of the old one, fail no request and drop no connection", async () => {
  const { gateway, port } = await startGateway();
  const agent = new Agent({ keepAlive: true, maxSockets: 12 });
  atEnd(() => agent.destroy());
  let connections = 0;
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    connections++;
    return connect(...args);
  };
  let current = await startApp();
  gateway.configure([host([service([instance(current.port)])])]);
  const tally: Tally = { done: 0, failures: [] };
  const stop = load(port, agent, tally);
  for (let round = 0; round < 200; round++) {
    const next = await startApp();
    const seen = tally.done;
    gateway.configure([host([service([instance(next.port)])])]);
    expect(await gateway.drain([`i-${current.port}`], { timeoutMs: 20_000 })).toBe(0);
    await current.stop();
    current = next;
    await until(() => tally.done > seen || tally.failures.length > 0);
  }
  await stop();
  expect(tally.failures).toEqual([]);
  expect(tally.done).toBeGreaterThan(200);
  expect(connections).toBe(12);
  expect(gateway.totals().map(({ errors, inFlight }) => ({ errors, inFlight }))).toEqual([
    { errors: 0, inFlight: 0 },
  ]);
});

test("a request under way finishes where it began, new ones go to the new instance, and drain says what is left", async () => {
  let finish: () => void = () => {};
  const old = await startBackend((_, response) => {
    response.write("old");
    finish = () => void response.end(" end");
  });
  const fresh = await startBackend((_, response) => response.end("new"));
  const { gateway, port } = await startGateway();
  const { ask } = await import("./gateway.test-rig.ts");
  gateway.configure([host([service([instance(old.port)])])]);
  const begun = ask(port);
  await until(() => gateway.totals()[0]?.inFlight === 1);
  gateway.configure([host([service([instance(fresh.port)])])]);
  expect((await ask(port)).text).toBe("new");
  expect(await gateway.drain([`i-${old.port}`], { timeoutMs: 30 })).toBe(1);
  const drained = gateway.drain([`i-${old.port}`], { timeoutMs: 20_000 });
  await clock.sleep(10);
  finish();
  expect((await begun).text).toBe("old end");
  expect(await drained).toBe(0);
});

test("a drain does not wait for an event stream, which goes on until the instance ends it", async () => {
  let end: () => void = () => {};
  const old = await startBackend((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n");
    end = () => void response.end("data: 2\n\n");
  });
  const { gateway, port } = await startGateway();
  const { ask } = await import("./gateway.test-rig.ts");
  gateway.configure([host([service([instance(old.port)])])]);
  const streamed = ask(port);
  await until(() => gateway.totals()[0]?.inFlight === 1);
  const drained = gateway.drain([`i-${old.port}`], { timeoutMs: 600_000 });
  expect(await drained).toBe(0);
  end();
  expect((await streamed).text).toBe("data: 1\n\ndata: 2\n\n");
  await until(() => gateway.totals()[0]?.inFlight === 0);
});

test("weights hold exactly over a hundred requests, and across changes of the table", async () => {
  const stable = await startBackend((_, response) => response.end("stable"));
  const candidate = await startBackend((_, response) => response.end("candidate"));
  const { gateway, port } = await startGateway();
  const { ask } = await import("./gateway.test-rig.ts");
  const table = () => [
    host([
      service([], {
        revisions: [
          { revision: "s", release: "1", weight: 95, instances: [instance(stable.port)] },
          { revision: "c", release: "2", weight: 5, instances: [instance(candidate.port)] },
          { revision: "w", release: "3", weight: 0, instances: [instance(candidate.port)] },
        ],
      }),
    ]),
  ];
  const counts: Record<string, number> = { stable: 0, candidate: 0 };
  for (let round = 0; round < 100; round++) {
    if (round % 7 === 0) gateway.configure(table());
    const { text } = await ask(port);
    counts[text] = (counts[text] ?? 0) + 1;
  }
  expect(counts).toEqual({ stable: 95, candidate: 5 });
  const byRevision = gateway.totals().map(({ revision, requests }) => [revision, requests]);
  expect(byRevision).toEqual([
    ["c", 5],
    ["s", 95],
    ["w", 0],
  ]);
});
