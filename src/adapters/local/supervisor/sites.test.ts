import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  context,
  makeLocalProject,
  RELEASE,
  type LocalProject,
} from "../../../../test/helpers/local-project.ts";
import { until } from "../../../../test/helpers/system-clock.ts";
import type { SiteSpec } from "../../../domain/revision.ts";
import type { Platform } from "../../../ports/platform.ts";

let project: LocalProject;
let platform: Platform;

beforeEach(async () => {
  project = makeLocalProject();
  await project.start();
  platform = project.platform();
});
afterEach(() => project.remove());

const site = async (version: string): Promise<SiteSpec> => ({
  site: "web",
  tree: await project.storeTree({
    "index.html": `<p>${version}</p>`,
    [`assets/app-${version}1234567.js`]: `"${version}"`,
  }),
  route: "/*",
  fallback: "index.html",
  settings: { apiUrl: "/api" },
});
const switchTo = async (spec: SiteSpec): Promise<void> => {
  await platform.stageSite(spec, context());
  await platform.switchSite("web", { spec, release: RELEASE }, context());
};

test("a site is served with its configuration once it is switched to", async () => {
  const v1 = await site("v1");
  await platform.stageSite(v1, context());
  expect((await project.get("/")).status).toBe(404);
  await platform.switchSite("web", { spec: v1, release: RELEASE }, context());
  expect((await project.get("/some/page")).body).toBe("<p>v1</p>");
  expect(JSON.parse((await project.get("/config.json")).body)).toEqual({
    environment: "development",
    release: "r-abababababab",
    apiUrl: "/api",
  });
  const { sites } = await platform.observe({ signal: new AbortController().signal });
  expect(sites).toEqual({ web: { spec: v1, release: RELEASE } });
  await platform.switchSite("web", null, context());
  expect((await project.get("/")).status).toBe(404);
});

test("open tabs still get the assets of five earlier releases, also after a restart", async () => {
  for (let n = 1; n <= 7; n += 1) await switchTo(await site(`v${n}`));
  await project.stop();
  await project.start();
  const statuses = [];
  for (let n = 1; n <= 7; n += 1) statuses.push((await project.get(`/assets/app-v${n}1234567.js`)).status);
  expect(statuses).toEqual([404, 200, 200, 200, 200, 200, 200]);
});

test("a build without its fallback page is refused before it is served", async () => {
  const tree = await project.storeTree({ "app.js": "1" });
  await expect(platform.stageSite({ ...(await site("v1")), tree }, context())).rejects.toMatchObject({
    code: "SITE_INCOMPLETE",
  });
});

test("trees that nothing names any more are removed, and those that are served stay", async () => {
  const [v1, v2] = [await site("v1"), await site("v2")];
  await switchTo(v1);
  await platform.stageSite(v2, context());
  const trees = () => readdirSync(join(project.stateDir, "trees")).sort();
  expect(trees()).toEqual([v1.tree, v2.tree].sort());
  await platform.retire({ revisions: {}, trees: [], warmMs: 0 }, context());
  expect(trees()).toEqual([v1.tree]);
  expect((await project.get("/")).body).toBe("<p>v1</p>");
});

test("a retired revision keeps running for its warm time, over a restart, and is then forgotten", async () => {
  const [v1, v2] = [await project.revision(), await project.revision({ env: { NAME: "v2" } })];
  for (const staged of [v1, v2]) await platform.stageRevision(staged, context());
  await platform.setInstances("api", { [v1.revision]: 1, [v2.revision]: 1 }, context());
  await platform.setWeights("api", { [v2.revision]: 100 }, context());
  const keep = { revisions: { api: [v2.revision] }, trees: [v2.spec.tree] };
  await platform.retire({ ...keep, warmMs: 1_500 }, context());
  await platform.settle(context());
  const revisions = async () => {
    const observed = await platform.observe({ signal: new AbortController().signal });
    return Object.keys(observed.services["api"]?.revisions ?? {}).sort();
  };
  expect(await revisions()).toEqual([v1.revision, v2.revision].sort());
  await project.stop();
  await project.start();
  await until(async () => (await revisions()).length === 1);
  await until(async () => (await project.info()).environments[0]?.instances.length === 1);
  expect(existsSync(join(project.stateDir, "trees", v1.spec.tree))).toBe(v1.spec.tree === v2.spec.tree);
});

test("a warm revision whose time is over stays for a deployment that is open, and goes when it is settled", async () => {
  const [v1, v2] = [await project.revision(), await project.revision({ env: { NAME: "v2" } })];
  for (const staged of [v1, v2]) await platform.stageRevision(staged, context());
  await platform.setInstances("api", { [v1.revision]: 1, [v2.revision]: 1 }, context());
  await platform.setWeights("api", { [v2.revision]: 100 }, context());
  await platform.retire({ revisions: { api: [v2.revision] }, trees: [], warmMs: 300 }, context());
  await platform.settle(context());
  await platform.stageRevision(v1, context({ deployment: "d-0002" }));
  await project.stop();
  await wait(400);
  await project.start();
  await platform.setInstances("api", { [v1.revision]: 2, [v2.revision]: 1 }, context());
  const instances = async () =>
    (await project.info()).environments[0]!.instances.map(({ revision }) => revision).sort();
  expect(await instances()).toEqual([v1.revision, v1.revision, v2.revision].sort());
  await platform.settle(context({ deployment: "d-0002" }));
  await until(async () => (await instances()).length === 1);
  expect(await instances()).toEqual([v2.revision]);
});

test("without a warm time a retired revision has stopped when the call returns", async () => {
  const [v1, v2] = [await project.revision(), await project.revision({ env: { NAME: "v2" } })];
  for (const staged of [v1, v2]) await platform.stageRevision(staged, context());
  await platform.setInstances("api", { [v1.revision]: 1, [v2.revision]: 1 }, context());
  await platform.retire({ revisions: { api: [v2.revision] }, trees: [v2.spec.tree], warmMs: 0 }, context());
  const { instances } = (await project.info()).environments[0]!;
  expect(instances.map(({ revision }) => revision)).toEqual([v2.revision]);
});
