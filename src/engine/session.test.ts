import { expect, test } from "vitest";
import { makeFakeClock } from "../../test/helpers/fake-clock.ts";
import { makeFakeLiveness } from "../../test/helpers/fake-liveness.ts";
import { makeMemoryStore } from "../../test/helpers/memory-store.ts";
import { AppError } from "../domain/errors.ts";
import { appendAside, openSession, type SessionDeps } from "./session.ts";

const world = () => {
  const store = makeMemoryStore();
  const clock = makeFakeClock();
  const dead = new Set<number>();
  const deps = (pid: number, machine = "one"): SessionDeps => ({
    store,
    clock,
    liveness: makeFakeLiveness(pid, dead, machine),
    leaseMs: 9_000,
    callBudgetMs: 1_000,
  });
  const open = (pid: number, options: { machine?: string; wait?: boolean } = {}) =>
    openSession(deps(pid, options.machine), {
      environment: "dev",
      purpose: `deploy of p${pid}`,
      wait: options.wait ?? false,
      signal: new AbortController().signal,
    });
  return { store, clock, dead, deps, open };
};

test("of two at once exactly one gets the environment, and the other is told who holds it", async () => {
  const { open } = world();
  for (let round = 0; round < 50; round++) {
    const results = await Promise.allSettled([open(1), open(2)]);
    const [winner] = results.filter((result) => result.status === "fulfilled");
    const [loser] = results.filter((result) => result.status === "rejected");
    expect(loser!.reason).toMatchObject({ code: "ENVIRONMENT_BUSY" });
    expect((loser!.reason as Error).message).toMatch(/p[12]@one is changing dev: deploy of p[12]/);
    await winner!.value.close();
  }
});

test("the lease of a dead process of this machine is taken at once, one epoch up", async () => {
  const { open, dead } = world();
  const first = await open(1);
  dead.add(1);
  const second = await open(2);
  expect(second.epoch).toBe(first.epoch + 1);
  await second.append([{ type: "note", actor: "b", text: "mine now" }]);
  await expect(first.append([{ type: "note", actor: "a", text: "late" }])).rejects.toMatchObject({
    code: "FENCED",
  });
});

test("a paused holder finds its lease gone before its next effect", async () => {
  const { open, dead, clock } = world();
  const first = await open(1);
  dead.add(1);
  await open(2);
  await clock.advance(20_000);
  await expect(first.assertHeld(1_000)).rejects.toMatchObject({ code: "FENCED" });
  expect(first.lost.aborted).toBe(true);
});

test("the lease of another machine is taken only after its whole duration and one call more, unrenewed", async () => {
  const { open, clock, store } = world();
  await open(1, { machine: "far" });
  const frozen = store.objects.get("environments/dev/lease.json")!;
  const replace = store.replace;
  // The holder's renewals no longer arrive.
  store.replace = async (key, bytes, etag) =>
    new TextDecoder().decode(bytes).includes('"machine":"far"')
      ? Promise.reject(new Error("cut off"))
      : replace(key, bytes, etag);
  let session: unknown = null;
  void open(2).then((opened) => (session = opened));
  await clock.advance(9_900);
  expect(session).toBeNull();
  expect(store.objects.get("environments/dev/lease.json")).toBe(frozen);
  await clock.advance(1_400);
  expect(session).not.toBeNull();
});

test("a renewal that seemed lost and is carried out later is the holder's own: nobody took the environment over", async () => {
  const { open, clock, store } = world();
  const session = await open(1);
  const replace = store.replace;
  let late: (() => Promise<unknown>) | null = null;
  store.replace = async (key, bytes, etag) => {
    late = () => replace(key, bytes, etag);
    throw new AppError("STORE_UNREACHABLE", "no answer");
  };
  await clock.advance(3_100);
  expect(late).not.toBeNull();
  store.replace = replace;
  await late!();
  await clock.advance(3_000);
  await session.assertHeld(5_000);
  expect(session.lost.aborted).toBe(false);
  await session.append([{ type: "note", actor: "a", text: "still here" }]);
  await session.close();
  await expect(open(2)).resolves.toBeDefined();
});

test("a lock and a note from aside never disturb whoever holds the environment", async () => {
  const { open, deps } = world();
  const session = await open(1);
  await session.append([{ type: "note", actor: "a", text: "1" }]);
  await appendAside(deps(2), "dev", [{ type: "locked", actor: "b", why: "lunch", until: null }]);
  await session.append([{ type: "note", actor: "a", text: "2" }]);
  expect(session.state().lock).toMatchObject({ why: "lunch" });
  expect(session.state().sequence).toBe(3);
  await session.close();
});

test("a damaged lease is waited for, then taken over with an epoch above any that it could have held", async () => {
  const { open, clock, store } = world();
  await (await open(1)).close();
  const key = "environments/dev/lease.json";
  store.objects.set(key, { ...store.objects.get(key)!, bytes: new Uint8Array([1, 2, 3]) });
  let epoch = 0;
  void open(2).then((session) => (epoch = session.epoch));
  await clock.advance(12_000);
  expect(epoch).toBeGreaterThanOrEqual(1000);
});

test.each([
  ["cut", (text: string) => text.slice(0, 40)],
  ["emptied", () => ""],
  ["edited", (text: string) => text.replace('"epoch":1', '"epoch":7')],
  ["held for ever", () => lease({ durationMs: 1e15 })],
  ["of no duration", () => lease({ durationMs: null })],
])(
  "a lease that is %s is waited out once, and the epoch rises above any it could have held",
  async (_how, damaged) => {
    const { open, store, clock } = world();
    const first = await open(1);
    const { bytes, etag } = store.objects.get("environments/dev/lease.json")!;
    await store.replace(
      "environments/dev/lease.json",
      new TextEncoder().encode(damaged(new TextDecoder().decode(bytes))),
      etag,
    );
    const second = open(2);
    for (let seconds = 0; seconds < 12; seconds++) await clock.advance(1_000);
    expect((await second).epoch).toBeGreaterThan(first.epoch + 100);
    await expect(first.assertHeld(1_000)).rejects.toMatchObject({ code: "FENCED" });
  },
);

test("a session ends as it came out, also when neither the head nor the lease can be written any more", async () => {
  const { open, store, dead } = world();
  const session = await open(1);
  await session.append([{ type: "note", actor: "a", text: "done" }]);
  const { replace } = store;
  store.replace = () => Promise.reject(new AppError("STORE_UNWRITABLE", "the disk is full"));
  await session.close();
  store.replace = replace;
  dead.add(1);
  expect((await open(2)).state().sequence).toBe(1);
});

const lease = (change: object) =>
  JSON.stringify({
    format: 1,
    minimumReader: 1,
    holder: { actor: "p9@far", machine: "far", pid: 9, started: "1" },
    purpose: "deploy",
    epoch: 1,
    nonce: "n",
    released: false,
    ...change,
  });
