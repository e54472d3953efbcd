import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CallBudget } from "../../src/adapters/store/s3/call.ts";
import type { Store } from "../../src/ports/store.ts";
import { startFaultyProxy, type Asked, type Fate, type FaultyProxy } from "../helpers/faulty-proxy.ts";
import { startMoto, type Moto } from "../helpers/moto.ts";
import { ELSEWHERE, openS3 } from "../helpers/s3-store.ts";

// A real server behind a proxy that loses, delays and refuses: what the port promises must hold all the same.
let moto: Moto;
let proxy: FaultyProxy;
let store: Store;
let stores = 0;
let prefix = "";

const QUICK: Partial<CallBudget> = { attemptMs: 300, totalMs: 1_200, backoff: { leastMs: 5, mostMs: 40 } };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (stored: { bytes: Uint8Array } | null) => stored && new TextDecoder().decode(stored.bytes);
const pass: Fate = { type: "pass" };
const slowDown: Fate = { type: "answer", status: 503, code: "SlowDown" };
const conflict: Fate = { type: "answer", status: 409, code: "ConditionalRequestConflict" };

/** The first `times` requests that fit meet this fate, the others pass. */
const first = (
  times: number,
  fate: Fate,
  fits: (asked: Asked) => boolean = ({ method }) => method === "PUT",
) => {
  let left = times;
  proxy.fate((asked) => (fits(asked) && left-- > 0 ? fate : pass));
};
const open = (through = proxy.endpoint, budget = QUICK) =>
  openS3({ endpoint: through, bucket: "faults", prefix }, budget);
/** As somebody sees it who is not behind the proxy. */
const seen = async (key: string) => text(await open(moto.endpoint).get(key));
const code = (promise: Promise<unknown>) =>
  promise.then(
    (value) => `resolved to ${JSON.stringify(value)}`,
    (error: { code?: string }) => error.code,
  );
const timed = async (promise: Promise<unknown>) => {
  const startedMs = performance.now();
  await promise;
  return performance.now() - startedMs;
};

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultyProxy(moto.endpoint);
  await moto.client.send(new CreateBucketCommand({ Bucket: "faults", ...ELSEWHERE }));
});
afterAll(async () => {
  await proxy.close();
  await moto.stop();
});
beforeEach(async () => {
  prefix = `run-${(stores += 1)}/`;
  store = open();
  // The server's conditions are looked at before the first write; the faults come after.
  await store.create("warm", bytes(""));
});
afterEach(() => proxy.fate(() => pass));

describe("create", () => {
  test("whose answer is lost is there, and says so", async () => {
    first(1, { type: "lost" });
    expect(await store.create("a", bytes("mine"))).toBe("exists");
    expect(await seen("a")).toBe("mine");
  });

  test.each<[string, Fate]>([
    ["503 SlowDown", slowDown],
    ["500", { type: "answer", status: 500, code: "InternalError" }],
    ["429", { type: "answer", status: 429, code: "TooManyRequests" }],
    ["409 ConditionalRequestConflict", conflict],
    ["a reset", { type: "reset" }],
    ["no answer in time", { type: "hang" }],
  ])("is tried again after %s", async (_what, fate) => {
    first(2, fate);
    expect(await store.create("a", bytes("mine"))).toBe("created");
    expect(await seen("a")).toBe("mine");
  });

  test("that meets 409 until somebody else's object stands there has lost to it", async () => {
    const other = open(moto.endpoint);
    let tries = 0;
    proxy.fate(({ method }) => (method === "PUT" && tries++ < 100 ? conflict : pass));
    await other.create("a", bytes("theirs"));
    expect(await store.create("a", bytes("mine"))).toBe("exists");
    expect(await seen("a")).toBe("theirs");
  });

  test("that meets nothing but 409 while nobody has the key is no loss: it says that nothing is known", async () => {
    proxy.fate(({ method }) => (method === "PUT" ? conflict : pass));
    expect(await code(store.create("a", bytes("mine")))).toBe("STORE_UNREACHABLE");
    expect(await seen("a")).toBeNull();
  });
});

describe("replace", () => {
  let tag: string;
  beforeEach(async () => {
    tag = ((await store.replace("r", bytes("one"), null)) as { etag: string }).etag;
  });

  test("whose answer is lost finds its own write, and goes on with its tag", async () => {
    first(1, { type: "lost" });
    const second = (await store.replace("r", bytes("two"), tag)) as { etag: string };
    expect(await seen("r")).toBe("two");
    expect(await store.replace("r", bytes("three"), second.etag)).not.toBe("conflict");
  });

  test("whose answer is lost while another builds on it is told so", async () => {
    const other = open(moto.endpoint);
    const overtake = async () => {
      const { etag } = (await other.get("r"))!;
      await other.replace("r", bytes("theirs"), etag);
    };
    let tries = 0;
    proxy.fate(({ method }) => {
      if (method !== "PUT") return pass;
      tries += 1;
      return tries === 1 ? { type: "lost" } : { type: "after", first: overtake };
    });
    expect(await store.replace("r", bytes("mine"), tag)).toBe("conflict");
    expect(await seen("r")).toBe("theirs");
  });

  test("is no conflict because of a 409: what stands there decides", async () => {
    first(2, conflict);
    expect(await store.replace("r", bytes("two"), tag)).not.toBe("conflict");
    const { etag } = (await store.get("r"))!;
    proxy.fate(({ method }) => (method === "PUT" ? conflict : pass));
    expect(await code(store.replace("r", bytes("three"), etag))).toBe("STORE_UNREACHABLE");
    expect(await store.replace("r", bytes("three"), tag)).toBe("conflict");
    expect(await seen("r")).toBe("two");
  });

  test("of equal bytes has another tag also in the bucket itself", async () => {
    const second = (await store.replace("r", bytes("one"), tag)) as { etag: string };
    expect(second.etag).not.toBe(tag);
    const object = await moto.client.send(new GetObjectCommand({ Bucket: "faults", Key: `${prefix}r` }));
    const stored = await object.Body!.transformToString();
    // The first line is the object; who reads the bucket without Switchback takes that.
    expect(stored).toMatch(/^one\n\{"write":"[0-9a-f]{24}"\}\n$/);
  });

  test("of an object that is gone is a conflict", async () => {
    expect(await store.replace("gone", bytes("two"), tag)).toBe("conflict");
  });
});

describe("get and list", () => {
  test.each<[string, Fate]>([
    ["503 SlowDown", slowDown],
    ["a reset", { type: "reset" }],
    ["half an answer", { type: "half", bytes: 3 }],
    ["no answer in time", { type: "hang" }],
  ])("are tried again after %s", async (_what, fate) => {
    await store.create("f/a", bytes("whole and long enough"));
    first(1, fate, ({ method }) => method === "GET");
    expect(text(await store.get("f/a"))).toBe("whole and long enough");
    first(1, fate, ({ method }) => method === "GET");
    expect(await store.list("f/")).toEqual(["f/a"]);
  });
});

test("what is created lies in the bucket byte for byte", async () => {
  await store.create("environments/dev/log/000000000001.json", bytes('{"a":1}'));
  const key = `${prefix}environments/dev/log/000000000001.json`;
  const object = await moto.client.send(new GetObjectCommand({ Bucket: "faults", Key: key }));
  expect(await object.Body!.transformToString()).toBe('{"a":1}');
});

test.each<[string, Fate]>([
  ["never answers", { type: "hang" }],
  ["is always overloaded", slowDown],
  ["resets every connection", { type: "reset" }],
])("a server that %s costs no more than the time for one call", async (_what, fate) => {
  proxy.fate(() => fate);
  const longest = 3 * QUICK.totalMs!;
  expect(await timed(code(store.get("a")))).toBeLessThan(longest);
  expect(await timed(code(store.create("a", bytes("x"))))).toBeLessThan(longest);
  expect(await code(store.get("a"))).toBe("STORE_UNREACHABLE");
  expect(await code(store.create("a", bytes("x")))).toBe("STORE_UNREACHABLE");
  expect(await code(store.list("a/"))).toBe("STORE_UNREACHABLE");
});

test.each(["if-none-match", "if-match"])(
  "a server that takes no notice of %s is refused before the first write",
  async (header) => {
    proxy.fate(() => ({ type: "pass", without: [header] }));
    const careless = open();
    expect(await code(careless.create("a", bytes("x")))).toBe("STORE_UNSAFE");
    expect(await code(careless.replace("a", bytes("x"), null))).toBe("STORE_UNSAFE");
    expect(await careless.get("a")).toBeNull();
    proxy.fate(() => ({ type: "answer", status: 501, code: "NotImplemented" }));
    expect(await code(open().create("a", bytes("x")))).toBe("STORE_UNSAFE");
  },
);

test("the look at the server's conditions is one for all writes of a process, and none for its reads", async () => {
  const fresh = open();
  const before = proxy.asked.length;
  await fresh.get("a");
  expect(proxy.asked.length - before).toBe(1);
  await Promise.all([fresh.create("a", bytes("1")), fresh.create("b", bytes("2"))]);
  await fresh.replace("c", bytes("3"), null);
  expect(proxy.asked.length - before).toBe(1 + 2 + 3);
});
