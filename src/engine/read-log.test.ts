import { beforeEach, expect, test } from "vitest";
import { makeFakeClock } from "../../test/helpers/fake-clock.ts";
import { makeFakeLiveness } from "../../test/helpers/fake-liveness.ts";
import { makeMemoryStore } from "../../test/helpers/memory-store.ts";
import { logKey } from "../domain/log-entry.ts";
import { seal } from "../domain/sealed.ts";
import { headKey, readEntries, readState } from "./read-log.ts";
import { appendAside } from "./session.ts";

const store = makeMemoryStore();
const deps = { store, clock: makeFakeClock(), liveness: makeFakeLiveness(1, new Set()) };
const note = (text: string) => appendAside(deps, "dev", [{ type: "note", actor: "a", text }]);
const textOf = (key: string) => new TextDecoder().decode(store.objects.get(key)!.bytes);
const put = (key: string, bytes: Uint8Array) => store.objects.set(key, { bytes, etag: `x-${bytes.length}` });
const entry = (change: object): Uint8Array => {
  const { check: _check, ...whole } = JSON.parse(textOf(logKey("dev", 3))) as Record<string, unknown>;
  return seal({ ...whole, ...change });
};
const bytes = (text: string) => new TextEncoder().encode(text);

beforeEach(async () => {
  store.objects.clear();
  for (const text of ["one", "two", "three"]) await note(text);
});

test.each<[string, () => Uint8Array, string]>([
  ["cut", () => bytes(textOf(logKey("dev", 3)).slice(0, 90)), "LOG_BROKEN"],
  ["empty", () => bytes(""), "LOG_BROKEN"],
  ["edited", () => bytes(textOf(logKey("dev", 3)).replace("three", "threi")), "LOG_BROKEN"],
  ["another number's", () => bytes(textOf(logKey("dev", 2))), "LOG_BROKEN"],
  ["without events", () => entry({ events: null }), "LOG_BROKEN"],
  ["with an event that is none", () => entry({ events: [null] }), "LOG_BROKEN"],
  ["with an unknown event", () => entry({ events: [{ type: "surprise" }] }), "LOG_BROKEN"],
  ["with half an event", () => entry({ events: [{ type: "committed", deployment: "d-1" }] }), "LOG_BROKEN"],
  ["of a newer format", () => entry({ minimumReader: 2, events: { of: "another shape" } }), "FORMAT_TOO_NEW"],
])("an entry that is %s is refused with its name", async (_how, make, code) => {
  put(logKey("dev", 3), make());
  store.objects.delete(headKey("dev"));
  const error = await readState(store, "dev").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, hint: expect.any(String) });
  expect(JSON.stringify(error)).toContain(logKey("dev", 3));
});

test("an end of the log that is not what the head knows is not written behind", async () => {
  put(logKey("dev", 3), entry({ writer: "mallory" }));
  await expect(note("four")).rejects.toMatchObject({ code: "LOG_BROKEN" });
  store.objects.delete(logKey("dev", 3));
  await expect(note("four")).rejects.toMatchObject({ code: "LOG_BROKEN" });
  expect(store.objects.has(logKey("dev", 4))).toBe(false);
});

test("reading the whole log gives every entry in order up to the first gap or damage, whatever was read ahead", async () => {
  for (let n = 4; n <= 100; n++) await note(`${n}`);
  const read = async () => {
    const sequences: number[] = [];
    try {
      for await (const { entry } of readEntries(store, "dev")) sequences.push(entry.sequence);
      return { sequences, code: null };
    } catch (error) {
      return { sequences, code: (error as { code: string }).code };
    }
  };
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
  expect(await read()).toEqual({ sequences: upTo(100), code: null });
  store.objects.delete(logKey("dev", 80));
  expect(await read()).toEqual({ sequences: upTo(79), code: null });
  put(logKey("dev", 50), bytes("{}"));
  expect(await read()).toEqual({ sequences: upTo(49), code: "LOG_BROKEN" });
});
