import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeFileStore } from "../../src/adapters/store/file/file-store.ts";
import type { Store } from "../../src/ports/store.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";
import { startMoto, type Moto } from "../helpers/moto.ts";
import { makeNodeScript, type NodeScript } from "../helpers/node-script.ts";
import { ELSEWHERE, openS3 } from "../helpers/s3-store.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (stored: { bytes: Uint8Array } | null) => stored && new TextDecoder().decode(stored.bytes);

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** One store, opened as often as wanted; `place` is what another process needs to open it too. */
interface Opened {
  open: () => Store;
  place: string[] | null;
}

/** Or why there is none, for the tests that need it. */
let moto: Moto | Error;
let script: NodeScript;
beforeAll(async () => {
  moto = await startMoto().catch((error: Error) => error);
  if (!(moto instanceof Error))
    await moto.client.send(new CreateBucketCommand({ Bucket: "contract", ...ELSEWHERE }));
  script = await makeNodeScript(RACER, import.meta.dirname);
});
afterAll(async () => {
  script.remove();
  if (!(moto instanceof Error)) await moto.stop();
});

let stores = 0;
const adapters: Record<string, () => Opened> = {
  memory: () => {
    const store = makeMemoryStore();
    return { open: () => store, place: null };
  },
  files: () => {
    const folder = mkdtempSync(join(tmpdir(), "store-"));
    folders.push(folder);
    return { open: () => makeFileStore({ folder }), place: ["files", folder] };
  },
  s3: () => {
    if (moto instanceof Error) throw moto;
    const place = { endpoint: moto.endpoint, bucket: "contract", prefix: `store-${(stores += 1)}/` };
    return { open: () => openS3(place), place: ["s3", JSON.stringify(place)] };
  },
};

/**
 * A process that adds its marks to one object, each to what it read. "conflict" may also be its own write, unseen and
 * overtaken: its mark tells.
 */
const RACER = `
import { makeFileStore } from "../../src/adapters/store/file/file-store.ts";
import { openS3 } from "../helpers/s3-store.ts";
const [kind, place, mark, rounds] = process.argv.slice(2);
const store = kind === "files" ? makeFileStore({ folder: place }) : openS3(JSON.parse(place));
let created = 0;
for (let round = 0; round < Number(rounds); round++) {
  const bytes = (text) => new TextEncoder().encode(text);
  if ((await store.create("c/" + round, bytes(mark))) === "created") created += 1;
  for (;;) {
    const standing = await store.get("r");
    const text = standing === null ? "" : new TextDecoder().decode(standing.bytes);
    const own = mark + round + " ";
    if (text.includes(own)) break;
    if ((await store.replace("r", bytes(text + own), standing && standing.etag)) !== "conflict") break;
  }
}
console.log("won " + created);
`;

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

  test("keys with anything but letters, digits, dots, _ and - between slashes are refused, and nothing is written", async () => {
    const store = make().open();
    const odd = [
      "",
      "/a",
      "a/",
      "a//b",
      "../a",
      "a/../b",
      "a/.b",
      ".a",
      "a b",
      "a\\b",
      "a\nb",
      "ä",
      "a?b",
      "a%2Fb",
    ];
    const tooLong = ["x".repeat(201), Array.from({ length: 20 }, () => "x".repeat(100)).join("/")];
    for (const key of [...odd, ...tooLong]) {
      await expect(store.get(key), key).rejects.toMatchObject({ code: "BUG" });
      await expect(store.create(key, bytes("x")), key).rejects.toMatchObject({ code: "BUG" });
      await expect(store.replace(key, bytes("x"), null), key).rejects.toMatchObject({ code: "BUG" });
    }
    for (const prefix of ["", "a", "/", "../", "a//"])
      await expect(store.list(prefix), prefix).rejects.toMatchObject({ code: "BUG" });
    for (const key of ["A", "0/z", "a_b-c.d/1.json", "x".repeat(200)])
      expect(await store.create(key, bytes(key))).toBe("created");
  });

  test.each([
    ["nothing at all", new Uint8Array()],
    ["every byte", Uint8Array.from({ length: 256 }, (_, i) => i)],
    ["line ends", new TextEncoder().encode('\r\n{"a":1}\r\n\n')],
    [
      "what looks like a line of the store's own",
      new TextEncoder().encode(`{}\n{"write":"${"0".repeat(24)}"}\n`),
    ],
    ["1 MB", Uint8Array.from({ length: 1_048_576 }, (_, i) => (i * 31 + (i >> 8)) % 256)],
  ])("bytes come back as they were given, created or replaced: %s", async (_what, given) => {
    const store = make().open();
    const same = (found: { bytes: Uint8Array } | null) => Buffer.compare(found!.bytes, given) === 0;
    await store.create("a/1", given);
    expect(same(await store.get("a/1"))).toBe(true);
    const first = (await store.replace("a/2", given, null)) as { etag: string };
    const found = await store.get("a/2");
    expect([same(found), found!.etag]).toEqual([true, first.etag]);
    await store.replace("a/2", given, first.etag);
    expect(same(await store.get("a/2"))).toBe(true);
    const { etag } = (await store.get("a/1"))!;
    await store.replace("a/1", given, etag);
    expect(same(await store.get("a/1"))).toBe(true);
  });

  test("the writer may use its bytes again, and a reader what it read", async () => {
    const store = make().open();
    const given = bytes("one");
    await store.create("a", given);
    given.fill(0);
    (await store.get("a"))!.bytes.fill(0);
    expect(text(await store.get("a"))).toBe("one");
  });

  test("a tag fits only the bytes that it was given for, and an object that is not there has none", async () => {
    const store = make().open();
    const { etag } = (await store.replace("a", bytes("one"), null)) as { etag: string };
    await store.replace("b", bytes("two"), null);
    expect(await store.replace("b", bytes("x"), etag)).toBe("conflict");
    expect(await store.replace("c", bytes("x"), etag)).toBe("conflict");
    expect(await store.get("c")).toBeNull();
    expect(text(await store.get("b"))).toBe("two");
  });

  test("list leaves out the folders below, and gives more than a thousand keys whole", async () => {
    const store = make().open();
    const keys = Array.from({ length: 1_050 }, (_, i) => `e/log/${String(i).padStart(6, "0")}.json`);
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => store.create(key, bytes("{}"))));
    await store.create("e/log-other/1.json", bytes("{}"));
    await store.create("e/log/below/1.json", bytes("{}"));
    expect(await store.list("e/log/")).toEqual(keys);
    expect(await store.list("e/")).toEqual([]);
  });

  test("processes that write at once lose nothing: each creation has one winner, each replacement builds on the last", async () => {
    const { open, place } = make();
    if (place === null) return;
    const rounds = 12;
    const racers = ["a", "b", "c"].map((mark) => script.start([...place, mark, String(rounds)]));
    for (const racer of racers) expect((await racer.ended).code, racer.text()).toBe(0);
    const created = racers.map((racer) => Number(/won (\d+)/.exec(racer.text())?.[1]));
    expect(created.reduce((sum, won) => sum + won)).toBe(rounds);
    const marks = text(await open().get("r"))!
      .trim()
      .split(" ");
    const each = ["a", "b", "c"].flatMap((mark) => Array.from({ length: rounds }, (_, i) => `${mark}${i}`));
    expect(marks.sort()).toEqual(each.sort());
  });
});
