import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeFileStore } from "../../src/adapters/store/file/file-store.ts";
import type { Store } from "../../src/ports/store.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (stored: { bytes: Uint8Array } | null) => stored && new TextDecoder().decode(stored.bytes);

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const adapters: Record<string, () => { open: () => Store }> = {
  memory: () => {
    const store = makeMemoryStore();
    return { open: () => store };
  },
  files: () => {
    const folder = mkdtempSync(join(tmpdir(), "store-"));
    folders.push(folder);
    return { open: () => makeFileStore({ folder }) };
  },
};

describe.each(Object.entries(adapters))("Store contract: %s", (_name, make) => {
  test("an absent key reads as null", async () => {
    expect(await make().open().get("a/b.json")).toBeNull();
  });

  test("create is create-only: the second loses and the first stands", async () => {
    const store = make().open();
    expect(await store.create("a/1.json", bytes("one"))).toBe("created");
    expect(await store.create("a/1.json", bytes("two"))).toBe("exists");
    expect(text(await store.get("a/1.json"))).toBe("one");
  });

  test("replace needs the tag of what stands", async () => {
    const store = make().open();
    const first = await store.replace("lease.json", bytes("1"), null);
    expect(first).not.toBe("conflict");
    expect(await store.replace("lease.json", bytes("x"), null)).toBe("conflict");
    const tag = (await store.get("lease.json"))!.etag;
    expect(tag).toBe((first as { etag: string }).etag);
    expect(await store.replace("lease.json", bytes("2"), tag)).not.toBe("conflict");
    expect(await store.replace("lease.json", bytes("x"), tag)).toBe("conflict");
    expect(text(await store.get("lease.json"))).toBe("2");
  });

  test("what was created once can be replaced by its tag, and only so", async () => {
    const store = make().open();
    await store.create("a/1.json", bytes("damaged"));
    expect(await store.replace("a/1.json", bytes("x"), null)).toBe("conflict");
    const { etag } = (await store.get("a/1.json"))!;
    expect(await store.replace("a/1.json", bytes("whole"), etag)).not.toBe("conflict");
    expect(await store.replace("a/1.json", bytes("late"), etag)).toBe("conflict");
    expect(text(await store.get("a/1.json"))).toBe("whole");
    expect(await store.create("a/1.json", bytes("x"))).toBe("exists");
    expect(await store.list("a/")).toEqual(["a/1.json"]);
  });

  test("equal bytes written twice get two tags: a stale tag never fits again", async () => {
    const store = make().open();
    const first = (await store.replace("k", bytes("same"), null)) as { etag: string };
    const second = (await store.replace("k", bytes("same"), first.etag)) as { etag: string };
    expect(second.etag).not.toBe(first.etag);
    expect(await store.replace("k", bytes("other"), first.etag)).toBe("conflict");
  });

  test("list gives the keys of a folder, sorted, whichever way they were written", async () => {
    const store = make().open();
    await store.create("e/log/2.json", bytes("2"));
    await store.create("e/log/1.json", bytes("1"));
    await store.replace("e/log/head.json", bytes("h"), null);
    await store.create("e/other/9.json", bytes("9"));
    expect(await store.list("e/log/")).toEqual(["e/log/1.json", "e/log/2.json", "e/log/head.json"]);
    expect(await store.list("nothing/")).toEqual([]);
  });

  test("of many writers at once exactly one wins each round", async () => {
    const opened = make();
    const stores = Array.from({ length: 8 }, () => opened.open());
    for (let round = 0; round < 30; round++) {
      const created = await Promise.all(stores.map((store, i) => store.create(`c/${round}`, bytes(`${i}`))));
      expect(created.filter((result) => result === "created")).toHaveLength(1);
      const tag = (await stores[0]!.get("r"))?.etag ?? null;
      const replaced = await Promise.all(stores.map((store, i) => store.replace("r", bytes(`${i}`), tag)));
      const winners = replaced.filter((result) => result !== "conflict");
      expect(winners).toHaveLength(1);
      expect((await stores[0]!.get("r"))!.etag).toBe((winners[0] as { etag: string }).etag);
    }
  });

  test("a writer that slept through many replacements has lost", async () => {
    const opened = make();
    const store = opened.open();
    let tag = ((await store.replace("r", bytes("0"), null)) as { etag: string }).etag;
    const stale = tag;
    for (let i = 1; i < 10; i++)
      tag = ((await store.replace("r", bytes(`${i}`), tag)) as { etag: string }).etag;
    expect(await opened.open().replace("r", bytes("late"), stale)).toBe("conflict");
    expect(text(await store.get("r"))).toBe("9");
  });
});
