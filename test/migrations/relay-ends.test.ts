import { connect, createServer, type Socket } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRelay } from "../../src/migrations/relay/start-relay.ts";
import type { Relay, RelayMode } from "../../src/migrations/relay/types.ts";
import { parse, bind, execute, query, SYNC, FLUSH } from "../../src/migrations/relay/wire/write.ts";
import { startThrowaway } from "../../src/migrations/throwaway/start-throwaway.ts";
import type { ThrowawayServer } from "../../src/migrations/throwaway/types.ts";
import { openRaw, told } from "../helpers/raw-session.ts";
import { systemClock, until } from "../helpers/system-clock.ts";

const stop = new AbortController();
let server: ThrowawayServer;
beforeAll(async () => {
  server = await startThrowaway({ major: 18, clock: systemClock, signal: stop.signal });
});
afterAll(() => server.stop());

const start = (mode: RelayMode, of: ThrowawayServer = server, signal = stop.signal): Promise<Relay> =>
  startRelay({ server: of, mode, signal, clock: systemClock });

const straight = async (sql: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

/** Sessions of clients and of the relay itself, on the server. */
const backends = async (): Promise<number> => {
  const sql =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
  return Number((await straight(sql))[0]?.["n"]);
};

const dial = (port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => resolve(socket));
  });

/** All that comes until the other side closes. */
const last = async (socket: Socket): Promise<string> => {
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
};

describe.each(["locks", "errors"] as const)("in mode %s", (mode) => {
  let relay: Relay;
  beforeAll(async () => {
    relay = await start(mode);
  });
  afterAll(() => relay.close());
  const open = () => openRaw(relay.url(server.url("postgres")));

  test("a client that goes in the middle of a statement leaves no session behind", async () => {
    for (const message of [
      query("SELECT pg_sleep(0.3)"),
      query("BEGIN; CREATE TABLE left_over (id int)"),
      query("COPY (SELECT 1) TO STDOUT"),
      Buffer.concat([parse("", "SELECT 1"), FLUSH]),
    ]) {
      const session = await open();
      session.send(message);
      session.end();
    }
    await until(async () => (await backends()) === 0);
    expect(await straight("SELECT to_regclass('left_over')::text AS it")).toEqual([{ it: null }]);
  });

  test("what was sent before the client's goodbye is carried out", async () => {
    const session = await open();
    session.send(
      query("CREATE TABLE kept (id int)"),
      parse("", "INSERT INTO kept VALUES (1)"),
      bind("", ""),
      execute(""),
      SYNC,
      query("INSERT INTO kept VALUES (2)"),
      Buffer.from([0x58, 0, 0, 0, 4]),
    );
    await session.closed;
    expect(await straight("SELECT count(*)::int AS n FROM kept")).toEqual([{ n: 2 }]);
    await straight("DROP TABLE kept");
  });

  test("a backend that is ended by others tells the client, and the connection is closed", async () => {
    const session = await open();
    session.send(query("SELECT pg_backend_pid()"));
    const [, row] = await session.ready();
    const pid = row?.bytes.subarray(11).toString();
    await straight(`SELECT pg_terminate_backend(${pid})`);
    const words = (await session.until(() => false)).map(told);
    expect(words).toEqual([expect.stringContaining("terminating connection due to administrator command")]);
  });

  test("a message that is none is refused in words, and both sides are closed", async () => {
    const session = await open();
    session.send(Buffer.from("?\0\0\0\u0004", "latin1"));
    const words = (await session.until(() => false)).map(told);
    expect(words).toEqual([expect.stringContaining("invalid frontend message type")]);
    const other = await open();
    other.send(Buffer.from("Q\0\0\0\u0001", "latin1"));
    expect((await other.until(() => false)).map(told).join()).toMatch(/^E SFATAL/);
    await until(async () => (await backends()) === 0);
  });

  test("bytes that are no startup packet are refused, and half of one is waited for no longer than its sender", async () => {
    const nonsense = await dial(relay.port);
    nonsense.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await last(nonsense)).toContain("a startup packet has the length");
    const half = await dial(relay.port);
    half.write(Buffer.from([0, 0, 0, 80, 0]));
    half.end();
    expect(await last(half)).toBe("");
  });

  test("a wrong password, and a database that is not there, are refused in the server's words", async () => {
    const wrong = new URL(relay.url(server.url("postgres")));
    wrong.password = "wrong";
    await expect(openRaw(wrong.toString())).rejects.toMatchObject({ code: "28P01" });
    await expect(openRaw(relay.url(server.url("nowhere")))).rejects.toMatchObject({ code: "3D000" });
  });

  test("a large answer waits for a client that does not read, and comes whole", async () => {
    const session = await open();
    session.socket.pause();
    session.send(query("SELECT repeat('x', 10000) FROM generate_series(1, 20000)"));
    // By the server's own word: it cannot send on, time and again.
    const stuck = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'ClientWrite'";
    let seen = 0;
    await until(async () => {
      seen = (await straight(stuck)).length > 0 ? seen + 1 : 0;
      return seen === 10;
    });
    session.socket.resume();
    const frames = await session.ready();
    expect(frames.filter(({ type }) => type === "D")).toHaveLength(20_000);
    session.end();
  });

  test("closing the relay ends every connection", async () => {
    const own = await start(mode);
    const session = await openRaw(own.url(server.url("postgres")));
    session.send(query("BEGIN; SELECT pg_sleep(0.2)"));
    const silent = await dial(own.port);
    await own.close();
    await Promise.all([session.closed, last(silent)]);
    await expect(openRaw(own.url(server.url("postgres")))).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await until(async () => (await backends()) === 0);
  });

  test("a signal ends it as closing does", async () => {
    const abort = new AbortController();
    const own = await start(mode, server, abort.signal);
    const session = await openRaw(own.url(server.url("postgres")));
    abort.abort();
    await session.closed;
    await expect(openRaw(own.url(server.url("postgres")))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a server that speaks another language, or is not there, ends the connection with words", async () => {
    const liar = createServer((socket) =>
      socket.on("error", () => {}).write("HTTP/1.1 400 Bad Request\r\n\r\n"),
    );
    await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
    const { port } = liar.address() as { port: number };
    const own = await start(mode, { ...server, port });
    await expect(openRaw(own.url(server.url("postgres")))).rejects.toThrow(/the relay: /);
    liar.close();
    const nobody = await start(mode, { ...server, port });
    await expect(openRaw(nobody.url(server.url("postgres")))).rejects.toThrow();
    await own.close();
    await nobody.close();
  });
});
