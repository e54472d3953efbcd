import { beforeEach, describe, expect, test } from "vitest";
import { makeFakeLiveness } from "../../../test/helpers/fake-liveness.ts";
import { makeFakeRehearser, passed } from "../../../test/helpers/fake-rehearser.ts";
import { makeMemoryPlatform, makeWorld, type World } from "../../../test/helpers/memory-platform.ts";
import { makeMemoryStore } from "../../../test/helpers/memory-store.ts";
import { shopRelease, shopWithoutBakes } from "../../../test/helpers/shop.ts";
import { systemClock } from "../../../test/helpers/system-clock.ts";
import { sha256 } from "../../domain/digest.ts";
import type { Rehearsal, RehearsalProof } from "../../domain/rehearsal.ts";
import type { Release } from "../../domain/release.ts";
import { seal } from "../../domain/sealed.ts";
import { readState } from "../../engine/read-log.ts";
import type { RehearsalAsk } from "../../ports/rehearser.ts";
import type { Store } from "../../ports/store.ts";
import type { AppContext } from "../context.ts";
import { deployRelease } from "../deploy.ts";
import { releaseKey } from "../releases.ts";
import { rollback } from "../rollback.ts";
import { rehearsalOfPair } from "./records.ts";

const ENV = "rolling";
const { signal } = new AbortController();
let store: Store;
let world: World;
let shows: (rehearsal: Rehearsal, ask: RehearsalAsk) => Rehearsal;
let rehearser: ReturnType<typeof makeFakeRehearser>;
let rows: number;

beforeEach(() => {
  store = makeMemoryStore();
  world = makeWorld();
  shows = (rehearsal) => rehearsal;
  rehearser = makeFakeRehearser((ask) => shows(passed(ask), ask));
  rows = 0;
});

const context = (): AppContext => ({
  app: shopWithoutBakes,
  projectDir: "/",
  store,
  artefacts: {
    readTree: async () => ({ format: 1, entries: { "index.html": { type: "folder" } } }),
  } as never,
  builder: null as never,
  clock: systemClock,
  liveness: makeFakeLiveness(1, new Set()),
  leaseMs: 60_000,
  platform: (async () => ({
    ...makeMemoryPlatform(world),
    countRows: async (questions: unknown[]) => questions.map(() => rows),
  })) as never,
  rehearser: async () => rehearser,
});

const release = async (names: string[], more: { upTo?: string; down?: string } = {}): Promise<Release> => {
  const made = shopRelease(names.join("+"), names);
  made.migrations = { ...made.migrations!, ...more };
  await store.create(releaseKey(made.id), seal(made));
  return made;
};
const deploy = (one: Release, more: { noWayBack?: string } = {}) =>
  deployRelease(context(), {
    ...{ environment: ENV, action: "deploy", release: one, binding: null, reason: null, wait: false },
    ...{ report: () => undefined, signal, ...more },
  });
const goBack = (more: { acceptDataLoss?: boolean; noWayBack?: string } = {}) =>
  rollback(context(), {
    ...{ environment: ENV, to: null, reason: null, wait: false, report: () => undefined, signal, ...more },
  });
const failed = (name: RehearsalProof["name"]): RehearsalProof => ({ name, outcome: "failed", detail: "no" });
const contract = (name: string) => (one: Rehearsal["migrations"][number]) =>
  one.name === name ? { ...one, kind: "contract" as const, because: "it drops a column" } : one;

test("the first release of an environment is not rehearsed: there is nothing to go back to", async () => {
  expect((await deploy(await release(["1"]))).outcome).toBe("succeeded");
  expect(rehearser.asked).toEqual([]);
});

test("a deployment without pending migrations asks nobody", async () => {
  await deploy(await release(["1"]));
  const again = shopRelease("other", ["1"]);
  await store.create(releaseKey(again.id), seal(again));
  await deploy(again);
  expect(rehearser.asked).toEqual([]);
});

test("what was proved is in the way back, in the store, and used again for the same pair", async () => {
  const first = await release(["1"]);
  const second = await release(["1", "2"]);
  await deploy(first);
  const receipt = await deploy(second);
  expect(receipt).toMatchObject({ outcome: "succeeded", changed: expect.anything() });
  expect(receipt.changed).toContainEqual({
    what: "migration 2",
    detail: "(the schema keeps it: the release before passed on it)",
  });
  const recorded = await rehearsalOfPair(store, { from: first.id, to: second.id });
  expect(recorded?.rehearsal).toMatchObject({ verdict: "pass", to: second.id });
  await goBack();
  // The rollback's proof is the deployment's own: nothing is rehearsed again.
  expect(rehearser.asked).toHaveLength(1);
  expect((await readState(store, ENV)).serving?.release).toBe(first.id);
  expect(world.schema).toEqual(["1", "2"]);
});

describe("nothing is done", () => {
  const refused = async (code: string, more: { noWayBack?: string } = {}) => {
    await deploy(await release(["1"]));
    const before = await readState(store, ENV);
    await expect(deploy(await release(["1", "2"]), more)).rejects.toMatchObject({ code });
    expect(await readState(store, ENV)).toMatchObject({ sequence: before.sequence, open: null });
    expect(world.schema).toEqual(["1"]);
  };

  test("when the rehearsal blocks, also with a person's word for no way back", async () => {
    shows = (one) => ({ ...one, verdict: "block", wayBack: "restore" });
    await refused("MIGRATION_BLOCKED", { noWayBack: "in a hurry" });
  });

  test("when nothing could be rehearsed", async () => {
    const cannot = { code: "DATABASE_ABSENT", message: "no PostgreSQL 18", hint: "install it" };
    shows = (one) => ({ ...one, verdict: "cannot-rehearse", wayBack: "restore", cannot });
    await refused("MIGRATION_UNREHEARSED");
  });

  test("when neither the release before nor a down is proved", async () => {
    shows = (one) => ({ ...one, verdict: "warn", wayBack: "restore", proofs: [failed("down-data")] });
    await refused("NO_DATABASE_WAY_BACK");
  });

  test("when a contract migration has to wait and the tool cannot stop before it", async () => {
    shows = (one) => ({
      ...one,
      migrations: one.migrations.map(contract("2")),
      proofs: [failed("earlier-statements")],
    });
    await refused("MIGRATION_HELD");
  });
});

test("a person's word goes on where nothing could be rehearsed, and is in the log", async () => {
  const cannot = { code: "DATABASE_ABSENT", message: "no PostgreSQL 18", hint: "install it" };
  shows = (one) => ({ ...one, verdict: "cannot-rehearse", wayBack: "restore", cannot });
  await deploy(await release(["1"]));
  expect((await deploy(await release(["1", "2"]), { noWayBack: "hotfix" })).outcome).toBe("succeeded");
  const keys = await store.list(`environments/${ENV}/log/`);
  const texts = await Promise.all(
    keys.map(async (key) => new TextDecoder().decode((await store.get(key))!.bytes)),
  );
  expect(texts.join("")).toContain('"noWayBack":"hotfix"');
  expect(texts.join("")).toContain("NO WAY BACK: hotfix");
});

describe("a contract migration", () => {
  const held = { ...{ name: "3", durationMs: 1, statements: 1 }, locks: [], rewrites: [], scans: [] };
  const needs = (one: Rehearsal, { upTo }: RehearsalAsk): Rehearsal => {
    const all = one.migrations.filter(({ name }) => name !== "3");
    // The database does not have it, whatever the release before has in its files.
    const migrations =
      upTo === null && !world.schema.includes("3")
        ? [...all, { ...held, kind: "contract" as const, because: "it drops a column" }]
        : all;
    const runs = migrations.some(({ name }) => name === "3");
    const proofs = runs && one.from === sha256("1") ? [failed("earlier-statements")] : one.proofs;
    return {
      ...one,
      migrations,
      proofs,
      ...(runs && proofs !== one.proofs ? { wayBack: "down" as const } : {}),
    };
  };

  test("waits while a release in reach needs what it removes, and runs once nobody does", async () => {
    shows = needs;
    await deploy(await release(["1"]));
    const second = await release(["1", "2", "3"], { upTo: "1 {to}" });
    expect((await deploy(second)).outcome).toBe("succeeded");
    expect(world.schema).toEqual(["1", "2"]);
    expect((await readState(store, ENV)).serving?.held).toEqual(["3"]);
    // A rollback still leads to the first release, which needs it.
    const third = shopRelease("third", ["1", "2", "3"]);
    third.migrations = second.migrations;
    await store.create(releaseKey(third.id), seal(third));
    await deploy(third);
    expect(world.schema).toEqual(["1", "2"]);
    // Now both releases in reach live without it.
    const fourth = { ...third, id: sha256("fourth") };
    await store.create(releaseKey(fourth.id), seal(fourth));
    await deploy(fourth);
    expect(world.schema).toEqual(["1", "2", "3"]);
    expect((await readState(store, ENV)).serving?.held).toBeUndefined();
  });
});

describe("a rollback when the earlier release does not live on today's schema", () => {
  const setUp = async () => {
    shows = (one) => ({
      ...one,
      verdict: "warn",
      wayBack: "down",
      removedByDown: [{ table: "public.tips", column: null }],
    });
    await deploy(await release(["1"]));
    await deploy(await release(["1", "2"], { down: "1" }));
  };

  test("takes the schema back by the proved down when nothing is lost", async () => {
    await setUp();
    const receipt = await goBack();
    expect(receipt.outcome).toBe("succeeded");
    expect(receipt.changed).toContainEqual({ what: "migration 2", detail: "(taken back by its down)" });
    expect(world.schema).toEqual(["1"]);
  });

  test("refuses with the rows that would be lost, and goes on by a person's word", async () => {
    await setUp();
    rows = 3;
    await expect(goBack()).rejects.toMatchObject({
      code: "DATA_WOULD_BE_LOST",
      message: expect.stringContaining("3 rows of public.tips"),
    });
    expect(world.schema).toEqual(["1", "2"]);
    expect((await goBack({ acceptDataLoss: true })).outcome).toBe("succeeded");
    expect(world.schema).toEqual(["1"]);
  });
});

test("a rollback that nothing proves is refused naming restore, and goes on by a person's word", async () => {
  await deploy(await release(["1"]));
  shows = (one) => ({ ...one, verdict: "warn", wayBack: "restore" });
  await deploy(await release(["1", "2"]), { noWayBack: "tried by hand" });
  await expect(goBack()).rejects.toMatchObject({
    code: "NO_DATABASE_WAY_BACK",
    hint: expect.stringContaining("restore a backup"),
  });
  expect((await goBack({ noWayBack: "it burns" })).outcome).toBe("succeeded");
});
