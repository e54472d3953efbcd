import { expect, test } from "vitest";
import { verifyHistory } from "../../src/app/history.ts";
import { logKey } from "../../src/domain/log-entry.ts";
import { seal, unseal } from "../../src/domain/sealed.ts";
import { headKey } from "../../src/engine/read-log.ts";
import { deployAll, memoryContext } from "../helpers/long-log.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";

const ENVIRONMENT = "rolling";
const key = (sequence: number) => logKey(ENVIRONMENT, sequence);

/** The log of three deployments by the real engine, to be tampered with. */
const makeLog = async () => {
  const store = makeMemoryStore();
  const context = memoryContext(store);
  await deployAll(context, ENVIRONMENT, ["a", "b", "a"]);
  const entries = [...store.objects.keys()].filter((one) => one.includes("/log/")).length;
  const set = (at: number, bytes: Uint8Array | undefined) =>
    bytes === undefined
      ? store.objects.delete(key(at))
      : store.objects.set(key(at), { bytes, etag: `changed ${at}` });
  const bytesAt = (at: number) => store.objects.get(key(at))!.bytes;
  const verify = () => verifyHistory(context, ENVIRONMENT);
  return { store, entries, set, bytesAt, verify };
};

test("a whole log has no problem, and tells the hash of its last entry", async () => {
  const { entries, verify } = await makeLog();
  const verified = await verify();
  expect(verified).toMatchObject({ entries, problems: [] });
  expect(entries).toBeGreaterThan(20);
});

test("a bit that is changed anywhere in any entry is found", async () => {
  const { entries, set, bytesAt, verify } = await makeLog();
  for (let at = 1; at <= entries; at++) {
    const whole = bytesAt(at);
    for (let part = 0; part < 12; part++) {
      const edited = whole.slice();
      const byte = Math.floor((part * (whole.length - 1)) / 11);
      edited[byte]! ^= 1 << (part % 8);
      set(at, edited);
      expect((await verify()).problems, `entry ${at}, byte ${byte}`).not.toEqual([]);
    }
    set(at, whole);
  }
  expect((await verify()).problems).toEqual([]);
});

test("an entry that somebody edited and sealed anew is found, the last one too", async () => {
  const { entries, set, bytesAt, verify } = await makeLog();
  for (let at = 1; at <= entries; at++) {
    const whole = bytesAt(at);
    const { value } = unseal(whole) as { value: Record<string, unknown> };
    set(at, seal({ ...value, writer: "somebody@else" }));
    expect((await verify()).problems, `entry ${at}`).not.toEqual([]);
    set(at, whole);
  }
});

test("an entry that was removed, cut off the end, repeated or put elsewhere is found", async () => {
  const { entries, set, bytesAt, verify } = await makeLog();
  for (let at = 1; at <= entries; at++) {
    const whole = bytesAt(at);
    set(at, undefined);
    expect((await verify()).problems, `${at} removed`).not.toEqual([]);
    const other = at === entries ? at - 1 : at + 1;
    const neighbour = bytesAt(other);
    set(at, neighbour);
    expect((await verify()).problems, `${other} in place of ${at}`).not.toEqual([]);
    set(other, whole);
    expect((await verify()).problems, `${at} and ${other} exchanged`).not.toEqual([]);
    set(other, neighbour);
    set(at, whole);
  }
  const last = bytesAt(entries);
  set(entries + 1, last);
  expect((await verify()).problems, "the last one twice").not.toEqual([]);
});

test("a tail that is cut together with the head is found by an anchor that was kept elsewhere", async () => {
  const { store, entries, set, verify } = await makeLog();
  const { hash } = await verify();
  const check = (anchor: { entries: number; hash: string }) =>
    verifyHistory(memoryContext(store), ENVIRONMENT, anchor);
  const anchor = { entries, hash };
  expect((await check(anchor)).problems).toEqual([]);
  expect((await check({ entries: entries - 1, hash })).problems).toHaveLength(1);
  set(entries, undefined);
  store.objects.delete(headKey(ENVIRONMENT));
  expect((await verify()).problems).toEqual([]);
  expect((await check(anchor)).problems).toHaveLength(1);
});
