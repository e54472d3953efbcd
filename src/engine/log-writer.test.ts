import { expect, test } from "vitest";
import { makeFakeClock } from "../../test/helpers/fake-clock.ts";
import { makeMemoryStore } from "../../test/helpers/memory-store.ts";
import { emptyState } from "../domain/fold.ts";
import { isAppError } from "../domain/errors.ts";
import { makeLogWriter } from "./log-writer.ts";
import { checkTail, readEntry, readState } from "./read-log.ts";

const clock = makeFakeClock();
const note = (text: string) => ({ type: "note" as const, actor: "a", text });
const writerOn = (store: ReturnType<typeof makeMemoryStore>, epoch: number, state = emptyState("dev")) =>
  makeLogWriter({ store, clock, state, epoch, writer: `w${epoch}` });

test("entries chain; what is appended in one turn, or while one is written, travels together", async () => {
  const store = makeMemoryStore();
  let meanwhile: Promise<unknown> | null = null;
  const create: typeof store.create = (key, bytes) => {
    meanwhile ??= Promise.all([writer.append([note("3")]), writer.append([note("4")])]);
    return store.create(key, bytes);
  };
  const writer = writerOn({ ...store, create }, 1);
  await Promise.all([writer.append([note("1")]), writer.append([note("2")])]);
  await meanwhile;
  expect((await readEntry(store, "dev", 1))!.entry.events).toEqual([note("1"), note("2")]);
  expect((await readEntry(store, "dev", 2))!.entry.events).toEqual([note("3"), note("4")]);
  expect((await readState(store, "dev")).hash).toBe(writer.state().hash);
});

test("what rides is written with the next append, in order", async () => {
  const store = makeMemoryStore();
  const writer = writerOn(store, 1);
  writer.ride([note("outcome")]);
  expect(await readEntry(store, "dev", 1)).toBeNull();
  await writer.append([note("intent")]);
  expect((await readEntry(store, "dev", 1))!.entry.events).toEqual([note("outcome"), note("intent")]);
});

test("a colleague's note takes the number: the writer chains anew and is not fenced", async () => {
  const store = makeMemoryStore();
  const writer = writerOn(store, 2);
  await writerOn(store, 1).append([note("colleague")]);
  await writer.append([note("mine")]);
  expect((await readEntry(store, "dev", 2))!.entry.events).toEqual([note("mine")]);
});

test("a higher epoch fences, and nothing is written any more", async () => {
  const store = makeMemoryStore();
  const writer = writerOn(store, 1);
  await writerOn(store, 2).append([note("successor")]);
  for (const text of ["late", "later"])
    expect(isAppError(await writer.append([note(text)]).catch((error: unknown) => error), "FENCED")).toBe(
      true,
    );
  expect(await readEntry(store, "dev", 2)).toBeNull();
});

test("a lost answer to one's own append is recognised as one's own", async () => {
  const store = makeMemoryStore();
  const create = store.create;
  store.create = async (key, bytes) => {
    await create(key, bytes);
    throw new Error("connection lost after the effect");
  };
  const writer = writerOn(store, 1);
  await writer.append([note("once")]);
  store.create = create;
  await writer.append([note("twice")]);
  expect((await readState(store, "dev")).sequence).toBe(2);
});

test("an append that did not happen fails, and so does every later one", async () => {
  const store = makeMemoryStore();
  store.create = async () => {
    throw new Error("disk full");
  };
  const writer = writerOn(store, 1);
  await expect(writer.append([note("x")])).rejects.toThrow("disk full");
  await expect(writer.append([note("y")])).rejects.toThrow("disk full");
});

test("an edited entry, a gap and a cut tail are LOG_BROKEN", async () => {
  const store = makeMemoryStore();
  const writer = writerOn(store, 1);
  for (const text of ["1", "2", "3"]) await writer.append([note(text)]);
  const key = "environments/dev/log/000000000002.json";
  const whole = store.objects.get(key)!;
  const text = new TextDecoder().decode(whole.bytes);
  store.objects.set(key, { ...whole, bytes: new TextEncoder().encode(text.replace('"2"', '"X"')) });
  await expect(readState(store, "dev")).rejects.toMatchObject({ code: "LOG_BROKEN" });
  store.objects.set(key, { ...whole, bytes: whole.bytes.slice(0, 20) });
  await expect(readState(store, "dev")).rejects.toMatchObject({ code: "LOG_BROKEN" });
  store.objects.delete(key);
  await expect(checkTail(store, await readState(store, "dev"))).rejects.toMatchObject({ code: "LOG_BROKEN" });
  await expect(checkTail(store, writer.state())).resolves.toBeUndefined();
  store.objects.delete("environments/dev/log/000000000003.json");
  await expect(checkTail(store, writer.state())).rejects.toMatchObject({ code: "LOG_BROKEN" });
});
