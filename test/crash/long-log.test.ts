import { beforeAll, expect, test } from "vitest";
import { history } from "../../src/app/history.ts";
import { statusOf } from "../../src/app/status.ts";
import type { EnvironmentState } from "../../src/domain/environment-state.ts";
import { seal } from "../../src/domain/sealed.ts";
import { encodeHead, headKey } from "../../src/engine/read-log.ts";
import { deployAll, memoryContext, writeLongLog } from "../helpers/long-log.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";
import { shopRelease } from "../helpers/shop.ts";

const ENVIRONMENT = "rolling";

/** What a store is asked for, counted. */
const counted = (state: EnvironmentState, objects: Map<string, Uint8Array>) => {
  const store = makeMemoryStore();
  for (const [key, bytes] of objects) store.objects.set(key, { bytes, etag: key });
  store.objects.set(headKey(ENVIRONMENT), { bytes: encodeHead(state), etag: "head" });
  for (const name of ["a", "b"]) {
    const release = shopRelease(name, ["0001"]);
    store.objects.set(`releases/${release.id}.json`, { bytes: seal(release), etag: name });
  }
  let reads = 0;
  const context = memoryContext({
    ...store,
    get: (key) => {
      reads += 1;
      return store.get(key);
    },
    list: (prefix) => {
      reads += 1;
      return store.list(prefix);
    },
  });
  return { context, store, reads: () => reads };
};

const made = async (deployments: number) => {
  const objects = new Map<string, Uint8Array>();
  const state = await writeLongLog(ENVIRONMENT, deployments, (key, bytes) => void objects.set(key, bytes));
  return { objects, state };
};

let short: Awaited<ReturnType<typeof made>>;
let long: Awaited<ReturnType<typeof made>>;
beforeAll(async () => {
  short = await made(25);
  long = await made(10_000);
});

test("the long log is as the engine would have gone on", () => {
  expect(long.state.deployments).toBe(10_000);
  expect(long.state.sequence).toBeGreaterThan(50_000);
  expect(long.state.recent[0]?.id).toBe("d-10000");
  expect(JSON.stringify(long.state).length).toBeLessThan(2 * JSON.stringify(short.state).length);
});

test("status reads as few objects with 10,000 past deployments as with 25", async () => {
  const readsOf = async ({ objects, state }: typeof long) => {
    const { context, reads } = counted(state, objects);
    const [status] = await statusOf(context, ENVIRONMENT);
    expect(status?.release).toBe(state.serving!.release);
    return reads();
  };
  expect(await readsOf(long)).toBe(await readsOf(short));
  expect(await readsOf(long)).toBeLessThanOrEqual(8);
});

test("history of 20 reads as few objects as there are of them, and more when more are asked for", async () => {
  const readsOf = async (limit: number) => {
    const { context, reads } = counted(long.state, long.objects);
    const { deployments } = await history(context, ENVIRONMENT, { limit });
    expect(deployments.map(({ id }) => id)).toEqual(
      Array.from({ length: limit }, (_, index) => `d-${10_000 - index}`.replace(/-(\d{1,3})$/, "-0$1")),
    );
    return reads();
  };
  expect(await readsOf(20)).toBeLessThanOrEqual(20);
  const perDeployment = long.state.sequence / 10_000;
  expect(await readsOf(60)).toBeLessThanOrEqual(20 + 40 * (perDeployment + 2) * 2);
});

test("a deployment after them reads and writes no more than one after 25, but for a checkpoint", async () => {
  const callsOf = async ({ objects, state }: typeof long) => {
    const { context, store, reads } = counted(state, objects);
    const writes = store.writes();
    await deployAll(context, ENVIRONMENT, ["c"]);
    const checkpoints = [...store.objects.keys()].filter((key) => key.includes("/checkpoints/")).length;
    return [reads(), store.writes() - writes - checkpoints];
  };
  expect(await callsOf(long)).toEqual(await callsOf(short));
});

test("a head that is lost is rebuilt, and says the same", async () => {
  const { context, store } = counted(short.state, short.objects);
  store.objects.delete(headKey(ENVIRONMENT));
  const [status] = await statusOf(context, ENVIRONMENT);
  expect(status?.deployment).toBe("d-0025");
});
