import { afterEach, describe, expect, test } from "vitest";
import { join } from "node:path";
import type { ReleaseMigrations } from "../../src/domain/release.ts";
import type { SiteSpec } from "../../src/domain/revision.ts";
import type { Platform, StagedRevision } from "../../src/ports/platform.ts";
import { context, makeLocalProject, RELEASE, revisionFrom, SERVER } from "../helpers/local-project.ts";
import { makeMemoryPlatform, makeWorld } from "../helpers/memory-platform.ts";

/** A platform of one empty environment, and what its releases are made of there. */
interface Tested {
  platform: Platform;
  /** A tree that a service can run from, or a site be served from. */
  tree: (name: string) => Promise<string>;
  migrations: (names: string[]) => ReleaseMigrations;
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const writeNames = `node -e "fs.writeFileSync(process.env.APPLIED, process.argv.slice(1).join(String.fromCharCode(10)))"`;

const adapters: Record<string, () => Promise<Tested>> = {
  memory: async () => ({
    platform: makeMemoryPlatform(makeWorld()),
    tree: async (name) => `tree of ${name}`,
    migrations: (names) => ({
      service: "api",
      folder: "m",
      up: names.join(" "),
      down: null,
      status: "",
      names,
    }),
  }),
  "local, with real processes": async () => {
    const project = makeLocalProject();
    await project.start();
    ends.push(project.remove);
    return {
      platform: project.platform(),
      tree: (name) => project.storeTree({ "server.cjs": SERVER, "index.html": name }),
      migrations: (names) => ({
        service: "api",
        folder: "m",
        up: `APPLIED=${join(project.dir, "applied")} ${writeNames} ${names.join(" ")}`,
        down: null,
        status: `cat ${join(project.dir, "applied")}`,
        names,
      }),
    };
  },
};

const signal = new AbortController().signal;

describe.each(Object.entries(adapters))("Platform contract: %s", (_name, make) => {
  const revisionOf = async ({ tree }: Tested, name: string): Promise<StagedRevision> =>
    revisionFrom(await tree(name), { env: { NAME: name } });
  const siteOf = async ({ tree }: Tested, name: string): Promise<SiteSpec> => ({
    site: "web",
    tree: await tree(name),
    route: "/*",
    fallback: "index.html",
    settings: { name },
  });
  const staged = async (tested: Tested, ...names: string[]): Promise<StagedRevision[]> => {
    const revisions = await Promise.all(names.map((name) => revisionOf(tested, name)));
    for (const one of revisions) await tested.platform.stageRevision(one, context());
    return revisions;
  };
  const wanted = async ({ platform }: Tested): Promise<Record<string, [wanted: number, healthy: number]>> => {
    const { services } = await platform.observe({ signal });
    const revisions = Object.entries(services["api"]?.revisions ?? {});
    return Object.fromEntries(
      revisions.filter(([, one]) => one.wanted > 0).map(([id, one]) => [id, [one.wanted, one.healthy]]),
    );
  };
  const weights = async ({ platform }: Tested) => {
    const all = (await platform.observe({ signal })).services["api"]?.weights ?? {};
    return Object.fromEntries(Object.entries(all).filter(([, weight]) => weight > 0));
  };

  test("an environment to which nothing was deployed has no services and no sites", async () => {
    const { platform } = await make();
    expect(await platform.observe({ signal })).toMatchObject({ services: {}, sites: {} });
  });

  test("instances run and are healthy when it returns; what is left out is stopped; twice is once", async () => {
    const tested = await make();
    const [a, b] = (await staged(tested, "a", "b")) as [StagedRevision, StagedRevision];
    expect(await wanted(tested)).toEqual({});
    await tested.platform.setInstances("api", { [a.revision]: 2 }, context());
    expect(await wanted(tested)).toEqual({ [a.revision]: [2, 2] });
    await tested.platform.setInstances("api", { [a.revision]: 2 }, context());
    expect(await wanted(tested)).toEqual({ [a.revision]: [2, 2] });
    await tested.platform.setInstances("api", { [a.revision]: 1, [b.revision]: 1 }, context());
    expect(await wanted(tested)).toEqual({ [a.revision]: [1, 1], [b.revision]: [1, 1] });
    await tested.platform.setInstances("api", { [b.revision]: 1 }, context());
    expect(await wanted(tested)).toEqual({ [b.revision]: [1, 1] });
    const { services } = await tested.platform.observe({ signal });
    expect(services["api"]!.revisions[b.revision]).toMatchObject({ spec: b.spec, release: RELEASE });
  });

  test("a revision that was not staged is not started", async () => {
    const tested = await make();
    const a = await revisionOf(tested, "a");
    await expect(tested.platform.setInstances("api", { [a.revision]: 1 }, context())).rejects.toThrow();
    expect(await wanted(tested)).toEqual({});
  });

  test("weights are as they were set", async () => {
    const tested = await make();
    const [a, b] = (await staged(tested, "a", "b")) as [StagedRevision, StagedRevision];
    await tested.platform.setInstances("api", { [a.revision]: 1, [b.revision]: 1 }, context());
    await tested.platform.setWeights("api", { [a.revision]: 100 }, context());
    expect(await weights(tested)).toEqual({ [a.revision]: 100 });
    await tested.platform.setWeights("api", { [a.revision]: 75, [b.revision]: 25 }, context());
    await tested.platform.setWeights("api", { [a.revision]: 75, [b.revision]: 25 }, context());
    expect(await weights(tested)).toEqual({ [a.revision]: 75, [b.revision]: 25 });
    await tested.platform.setWeights("api", {}, context());
    expect(await weights(tested)).toEqual({});
  });

  test("a site is what it was switched to, and none when it is taken away", async () => {
    const tested = await make();
    const sites = async () => (await tested.platform.observe({ signal })).sites;
    for (const name of ["one", "two", "one"]) {
      const spec = await siteOf(tested, name);
      await tested.platform.stageSite(spec, context());
      await tested.platform.switchSite("web", { spec, release: RELEASE }, context());
      expect(await sites()).toEqual({ web: { spec, release: RELEASE } });
    }
    await tested.platform.switchSite("web", null, context());
    expect(await sites()).toEqual({});
  });

  test("once a higher epoch was seen, effects and looks of lower ones are refused and change nothing", async () => {
    const tested = await make();
    const { platform } = tested;
    const [a] = (await staged(tested, "a")) as [StagedRevision];
    await platform.setInstances("api", { [a.revision]: 1 }, context({ epoch: 3 }));
    await platform.setWeights("api", { [a.revision]: 100 }, context({ epoch: 3 }));
    await platform.observe({ signal, epoch: 5 });
    const late = context({ epoch: 4 });
    const refused = { code: "FENCED" };
    await expect(platform.observe({ signal, epoch: 4 })).rejects.toMatchObject(refused);
    await expect(platform.setInstances("api", {}, late)).rejects.toMatchObject(refused);
    await expect(platform.setWeights("api", {}, late)).rejects.toMatchObject(refused);
    await expect(platform.switchSite("web", null, late)).rejects.toMatchObject(refused);
    await expect(platform.stageRevision(a, late)).rejects.toMatchObject(refused);
    await expect(platform.retire({ revisions: {}, trees: [], warmMs: 0 }, late)).rejects.toMatchObject(
      refused,
    );
    await expect(platform.settle(late)).rejects.toMatchObject(refused);
    expect([await wanted(tested), await weights(tested)]).toEqual([
      { [a.revision]: [1, 1] },
      { [a.revision]: 100 },
    ]);
    await platform.setWeights("api", {}, context({ epoch: 5 }));
    expect(await weights(tested)).toEqual({});
  });

  test("an effect whose signal is aborted already does nothing", async () => {
    const tested = await make();
    const [a] = (await staged(tested, "a")) as [StagedRevision];
    const stopped = context({ signal: AbortSignal.abort(new Error("stop")) });
    await expect(tested.platform.setInstances("api", { [a.revision]: 1 }, stopped)).rejects.toThrow("stop");
    expect(await wanted(tested)).toEqual({});
  });

  test("migrations: what the up command applied is what is read afterwards", async () => {
    const tested = await make();
    const [a] = (await staged(tested, "a")) as [StagedRevision];
    const migrations = tested.migrations(["0001", "0002"]);
    const limits = { lockTimeoutMs: 1000, statementTimeoutMs: 0 };
    const result = await tested.platform.runMigration({ command: migrations.up, limits }, a.spec, context());
    expect(result).toMatchObject({ exitCode: 0 });
    expect(await tested.platform.appliedMigrations(migrations, a.spec, context())).toEqual(["0001", "0002"]);
  });

  test("nobody asked, nothing measured", async () => {
    const tested = await make();
    const [a] = (await staged(tested, "a")) as [StagedRevision];
    await tested.platform.setInstances("api", { [a.revision]: 1 }, context());
    const metrics = await tested.platform.metrics("api", a.revision, 60_000, { signal });
    expect(metrics).toMatchObject({ requests: 0, errors: 0, crashes: 0 });
  });

  test("retire forgets what is not named, and leaves what is", async () => {
    const tested = await make();
    const { platform } = tested;
    const [a, b] = (await staged(tested, "a", "b")) as [StagedRevision, StagedRevision];
    await platform.setInstances("api", { [a.revision]: 1 }, context());
    await platform.setWeights("api", { [a.revision]: 100 }, context());
    const keep = { revisions: { api: [a.revision] }, trees: [a.spec.tree], warmMs: 0 };
    for (let times = 0; times < 2; times++) {
      await platform.retire(keep, context());
      await platform.settle(context());
    }
    expect(await wanted(tested)).toEqual({ [a.revision]: [1, 1] });
    await expect(
      platform.setInstances("api", { [a.revision]: 1, [b.revision]: 1 }, context()),
    ).rejects.toThrow();
    await platform.stageRevision(b, context());
    await platform.setInstances("api", { [a.revision]: 1, [b.revision]: 1 }, context());
    expect(await wanted(tested)).toEqual({ [a.revision]: [1, 1], [b.revision]: [1, 1] });
  });
});
