import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "../../domain/errors.ts";
import {
  app,
  builder,
  memoryArtefacts,
  options,
  project,
  service,
  site,
  useTestbed,
  write,
} from "./testbed.ts";

useTestbed();

const counted = (name: string): string => `mkdir -p dist && cp main.js dist/ && echo x >> ../built-${name}`;
const shop = () =>
  app({
    services: { api: service({ build: counted("api"), files: ["dist/**"] }) },
    sites: { web: site({ build: counted("web") }) },
  });
const builds = (name: string): number => {
  const file = join(project, `built-${name}`);
  return existsSync(file) ? readFileSync(file, "utf8").length / 2 : 0;
};
const cacheFile = () => join(project, ".switchback/cache/parts");

describe("what did not change is not built again", () => {
  const sources = () => {
    for (const part of ["api", "web"]) write(`${part}/main.js`, part);
  };

  test("a part whose inputs were built before keeps its tree; the other is built", async () => {
    sources();
    const first = await builder().build(shop(), options());
    write("api/main.js", "two");
    const second = await builder().build(shop(), options());
    expect([builds("api"), builds("web")]).toEqual([2, 1]);
    expect(second.sites["web"]).toEqual(first.sites["web"]);
    expect(second.services["api"]?.tree).not.toBe(first.services["api"]?.tree);
    write("api/main.js", "api");
    expect(await builder().build(shop(), options())).toMatchObject({
      id: first.id,
      services: first.services,
    });
    expect([builds("api"), builds("web")]).toEqual([2, 1]);
  });

  test("everything is built when that is asked for", async () => {
    sources();
    await builder().build(shop(), options());
    await builder().build(shop(), { ...options(), rebuild: true });
    expect([builds("api"), builds("web")]).toEqual([2, 2]);
  });

  test("another build command, and a tree that the store lost, are built again", async () => {
    sources();
    await builder().build(shop(), options());
    const other = shop();
    other.sites["web"]!.build = `${counted("web")} && : > dist/more.js`;
    await builder().build(other, options());
    expect([builds("api"), builds("web")]).toEqual([1, 2]);
    const lost = () => Promise.reject(new AppError("ARTEFACT_MISSING", "gone"));
    await builder({ artefacts: { ...memoryArtefacts, readTree: lost } }).build(shop(), options());
    expect([builds("api"), builds("web")]).toEqual([2, 3]);
  });

  test("a cache that is damaged or lost costs a build", async () => {
    sources();
    const { id } = await builder().build(shop(), options());
    writeFileSync(cacheFile(), readFileSync(cacheFile(), "utf8").replace("site:web", "site:wax"));
    expect((await builder().build(shop(), options())).id).toBe(id);
    expect(builds("web")).toBe(2);
    rmSync(cacheFile());
    await builder().build(shop(), options());
    expect([builds("api"), builds("web")]).toEqual([3, 3]);
  });

  test("a build that failed is not remembered", async () => {
    sources();
    const broken = shop();
    broken.sites["web"]!.build = "exit 1";
    await expect(builder().build(broken, options())).rejects.toMatchObject({ code: "BUILD_FAILED" });
    expect(existsSync(cacheFile())).toBe(false);
  });
});
