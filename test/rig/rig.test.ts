import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startRig, type Rig } from "./rig.ts";

const folder = mkdtempSync(join(tmpdir(), "switchback-rig-"));
const logFile = join(folder, "calls.jsonl");
const CREDENTIALS = { accessKeyId: "AKIDOFTHETEST", secretAccessKey: "secret-of-the-test" };
let rig: Rig;
let client: S3Client;

const connect = (to: Rig, maxAttempts = 1) =>
  new S3Client({
    endpoint: to.url,
    region: to.region,
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts,
    retryMode: "standard",
  });
const create = (by = client) => by.send(new CreateBucketCommand({ Bucket: "shop" }));
const put = (key: string, by = client) =>
  by.send(new PutObjectCommand({ Bucket: "shop", Key: key, Body: "text" }));
const text = (key: string) =>
  client
    .send(new GetObjectCommand({ Bucket: "shop", Key: key }))
    .then(({ Body }) => Body!.transformToString());
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { name: string; $metadata?: { httpStatusCode?: number } }) => ({
      name: error.name,
      status: error.$metadata?.httpStatusCode,
    }),
  );
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

beforeAll(async () => {
  rig = await startRig({ logFile, managedPolicies: false });
  client = connect(rig);
});
beforeEach(() => rig.reset());
afterAll(async () => {
  client.destroy();
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("forwarding", () => {
  test("keys arrive as they were sent", async () => {
    await create();
    for (const key of ["a/../b", "c//d", "with space+plus", "größe?x=1&y"]) {
      await put(key);
      expect(await text(key)).toBe("text");
    }
  });

  test("a HEAD tells the length of what it does not send", async () => {
    await create();
    await put("key");
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket: "shop", Key: "key" }));
    expect(ContentLength).toBe(4);
  });
});

describe("the log", () => {
  test("names service, region, action, status and who answered", async () => {
    await create();
    await failure(text("missing"));
    expect(rig.log.calls()).toMatchObject([
      {
        number: 1,
        service: "s3",
        region: "eu-north-1",
        action: "CreateBucket",
        status: 200,
        by: "moto",
        fault: null,
      },
      { number: 2, service: "s3", action: "GetObject", path: "/shop/missing", status: 404 },
    ]);
    expect(rig.log.calls({ action: "GetObject" })).toHaveLength(1);
  });

  test("is a file of JSON lines too, and holds no credential", async () => {
    await create();
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { action: string }).action)).toEqual(["CreateBucket"]);
    expect(lines.join()).not.toMatch(/AKIDOFTHETEST|secret-of-the-test|Signature/);
  });

  test("a call that nobody answers is there without a status", async () => {
    rig.faults.add({ fate: { type: "hang" } });
    const stopped = new AbortController();
    const asked = failure(client.send(new ListBucketsCommand({}), { abortSignal: stopped.signal }));
    await expect
      .poll(() => rig.log.calls())
      .toMatchObject([{ action: "ListBuckets", status: null, fault: "hang" }]);
    stopped.abort();
    expect((await asked)?.name).toBe("AbortError");
  });
});

describe("faults", () => {
  beforeEach(() => create());

  test("an error comes in the service's form, for one call", async () => {
    const fault = rig.faults.add({
      action: "PutObject",
      fate: { type: "error", status: 403, code: "AccessDenied", message: "no" },
    });
    expect(await failure(put("key"))).toEqual({ name: "AccessDenied", status: 403 });
    await put("key");
    expect(fault.hits()).toBe(1);
  });

  test("throttling is what S3 says, and the SDK asks again", async () => {
    rig.faults.add({ service: "s3", action: "PutObject", times: 2, fate: { type: "throttle" } });
    expect(await failure(put("key"))).toEqual({ name: "SlowDown", status: 503 });
    await put("key", connect(rig, 3));
    expect(rig.log.calls({ action: "PutObject" }).map(({ status }) => status)).toEqual([503, 503, 200]);
  });

  test("the n-th matching call meets it, for so many calls", async () => {
    rig.faults.add({
      action: "PutObject",
      nth: 2,
      times: 2,
      fate: { type: "error", status: 500, code: "InternalError", message: "no" },
    });
    await failure(text("other action"));
    const names = [];
    for (let n = 0; n < 4; n += 1) names.push((await failure(put("key")))?.name ?? "stored");
    expect(names).toEqual(["stored", "InternalError", "InternalError", "stored"]);
  });

  test("without a number of times it lasts until it is removed", async () => {
    const fault = rig.faults.add({ action: "PutObject", times: null, fate: { type: "throttle" } });
    for (let n = 0; n < 3; n += 1) expect((await failure(put("key")))?.name).toBe("SlowDown");
    fault.remove();
    await put("key");
  });

  test("dropped before: nothing was carried out", async () => {
    rig.faults.add({ action: "PutObject", fate: { type: "drop-before" } });
    expect(await failure(put("key"))).not.toBeNull();
    expect((await failure(text("key")))?.name).toBe("NoSuchKey");
  });

  test("dropped after: it was carried out, and nobody was told", async () => {
    rig.faults.add({ action: "PutObject", fate: { type: "drop-after" } });
    expect(await failure(put("key"))).not.toBeNull();
    expect(await text("key")).toBe("text");
    expect(rig.log.calls({ action: "PutObject" })).toMatchObject([
      { status: null, by: "fault", fault: "drop-after" },
    ]);
  });

  test("slow: held back, then carried out", async () => {
    rig.faults.add({ action: "PutObject", fate: { type: "slow", ms: 300 } });
    await put("key");
    const [call] = rig.log.calls({ action: "PutObject" });
    expect(call).toMatchObject({ status: 200, fault: "slow" });
    expect(call!.ms).toBeGreaterThanOrEqual(299);
    expect(await text("key")).toBe("text");
  });

  test("another process adds and clears them over HTTP", async () => {
    const control = (method: string, body?: object) =>
      fetch(`${rig.url}/_rig/faults`, { method, ...(body && { body: JSON.stringify(body) }) });
    await control("POST", { action: "PutObject", times: null, fate: { type: "throttle" } });
    expect((await failure(put("key")))?.name).toBe("SlowDown");
    await control("DELETE");
    await put("key");
    const { calls } = (await (await fetch(`${rig.url}/_rig/log`)).json()) as { calls: { action: string }[] };
    expect(calls.map(({ action }) => action)).toEqual(["CreateBucket", "PutObject", "PutObject"]);
  });
});

describe("a rig of one's own", () => {
  test("reset leaves nothing: no bucket, no fault, no log", async () => {
    await create();
    rig.faults.add({ times: null, fate: { type: "throttle" } });
    await rig.reset();
    expect(rig.log.calls()).toEqual([]);
    expect((await client.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  test("reset cuts off what hangs", async () => {
    rig.faults.add({ fate: { type: "hang" } });
    const asked = failure(create());
    await expect.poll(() => rig.log.calls()).toHaveLength(1);
    await rig.reset();
    expect(await asked).not.toBeNull();
  });

  test("two side by side share nothing, and close leaves no process", async () => {
    const other = await startRig({ managedPolicies: false });
    const otherClient = connect(other);
    try {
      await create();
      expect((await otherClient.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
      expect(other.url).not.toBe(rig.url);
      expect(alive(other.motoPid)).toBe(true);
    } finally {
      otherClient.destroy();
      await other.close();
    }
    expect(alive(other.motoPid)).toBe(false);
    await expect(fetch(other.url)).rejects.toThrow();
    expect((await client.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
  });

  test("a model takes an action over, and moto keeps the others", async () => {
    const model = await startRig({
      managedPolicies: false,
      models: [
        () => ({
          service: "s3",
          actions: { ListBuckets: () => ({ status: 418, headers: {}, body: Buffer.from("") }) },
          reset: () => undefined,
        }),
      ],
    });
    const through = connect(model);
    try {
      expect((await failure(through.send(new ListBucketsCommand({}))))?.status).toBe(418);
      await create(through);
      expect(model.log.calls().map(({ by }) => by)).toEqual(["gap", "moto"]);
    } finally {
      through.destroy();
      await model.close();
    }
  });
});
