import { beforeAll, expect, test } from "vitest";
import { systemClock } from "../../adapters/system/clock.ts";
import { parseApp } from "../../config/parse-app.ts";
import { emptyState } from "../../domain/fold.ts";
import { logKey } from "../../domain/log-entry.ts";
import { checkpointKey, headKey } from "../../engine/read-log.ts";
import { makeLogWriter } from "../../engine/log-writer.ts";
import { writeHead } from "../../engine/session.ts";
import type { Inspector, LocalFacts, StoreAccess, Temporary } from "../../ports/inspector.ts";
import type { Store } from "../../ports/store.ts";
import { makeFakeLiveness } from "../../../test/helpers/fake-liveness.ts";
import { makeMemoryStore } from "../../../test/helpers/memory-store.ts";
import type { AppContext } from "../context.ts";
import { examine } from "./doctor.ts";
import { judgeLocal } from "./judge-local.ts";
import { judgeStore, judgeTemporaries } from "./judge-store.ts";

const ENTRIES = 1005;
const app = parseApp(
  { name: "shop", services: { api: { path: "api", command: "run" } }, environments: { dev: {} } },
  { file: "test" },
);
const access: StoreAccess = { folder: "/store", refused: null, freeBytes: 5e9 };
const local: LocalFacts = {
  supervisor: null,
  answers: true,
  stale: [],
  unreadable: [],
  states: [],
  setAside: [],
  strays: [],
  database: null,
  secrets: { file: "/secrets", refused: null },
};

let store: Store;
/** What reads as damaged, until it is written. */
const damaged = new Set<string>();
const context = () =>
  ({
    app,
    store,
    liveness: makeFakeLiveness(1, new Set()),
    artefacts: null,
    leaseMs: 1,
    clock: systemClock,
  }) as never as AppContext;
const inspector = {
  storeAccess: async () => access,
  temporaries: async () => [],
  artefacts: async () => [],
  earlierVersions: async () => [],
  local: async () => local,
} as never as Inspector;
const look = (repair: boolean) =>
  examine(context(), inspector, {
    environment: null,
    repair,
    signal: new AbortController().signal,
    onWaiting: () => undefined,
  });

beforeAll(async () => {
  const memory = makeMemoryStore();
  store = {
    ...memory,
    get: async (key) => {
      const stored = await memory.get(key);
      return stored !== null && damaged.has(key)
        ? { ...stored, bytes: stored.bytes.subarray(0, 40) }
        : stored;
    },
    replace: async (key, bytes, etag) => {
      damaged.delete(key);
      return memory.replace(key, bytes, etag);
    },
  };
  const writer = makeLogWriter({
    store,
    clock: systemClock,
    state: emptyState("dev"),
    epoch: 1,
    writer: "p1",
  });
  for (let n = 0; n < ENTRIES; n++) await writer.append([{ type: "note", actor: "p1", text: String(n) }]);
  await writeHead(store, writer.state());
});

const told = async (repair = false) =>
  (await look(repair))
    .filter(({ subject }) => subject === "dev")
    .map(({ check, state }) => `${check} ${state}`);

test("a damaged checkpoint is written anew from the log", async () => {
  expect(await told()).toEqual(["log whole", "head whole", "checkpoints whole", "lease whole"]);
  damaged.add(checkpointKey("dev", 1000));
  expect(await told()).toContain("checkpoint 1000 wrong");
  expect(await told(true)).toContain("checkpoint 1000 repaired");
  expect(await told()).toContain("checkpoints whole");
});

test("with a log that is not whole no cache is written: they are all that is known", async () => {
  damaged.add(logKey("dev", 3)).add(checkpointKey("dev", 1000)).add(headKey("dev"));
  const before = await told();
  expect(before).toEqual(["log unknown", "head unknown", "checkpoint 1000 unknown", "lease whole"]);
  expect(await told(true)).toEqual(before);
  damaged.clear();
});

test("what the head knows beyond a damaged entry is told", async () => {
  damaged.add(logKey("dev", 1002));
  const log = (await look(false)).find(({ check }) => check === "log")!;
  expect(log.means).toContain(`up to entry ${ENTRIES} nothing had served`);
  damaged.clear();
});

test("a store that is refused or almost full is told with what to do", () => {
  const refused = { what: "permission is missing", hint: "give your user the right to it" };
  expect(judgeStore({ ...access, refused })).toMatchObject({ state: "wrong", todo: refused.hint });
  expect(judgeStore({ ...access, freeBytes: 1e6 })).toMatchObject({
    state: "notice",
    todo: "free some space",
  });
});

test("a temporary file is stale when its writer is dead for a while, or unknown for an hour", () => {
  const files: [Temporary["writer"], number, boolean][] = [
    ["dead", 9_000, false],
    ["dead", 11_000, true],
    ["alive", 1e9, false],
    ["unknown", 60_000, false],
    ["unknown", 3_700_000, true],
  ];
  for (const [writer, ageMs, stale] of files)
    expect(judgeTemporaries([{ path: "x", writer, ageMs }])[0]!.repair !== null).toBe(stale);
});

test("a supervisor that stands still is no precondition for looking, and is told", () => {
  expect(judgeLocal({ ...local, supervisor: 7, answers: false }, [])[0]).toMatchObject({
    state: "wrong",
    todo: expect.stringContaining("switchback down"),
  });
});
