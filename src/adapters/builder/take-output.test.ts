import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "../../domain/errors.ts";
import {
  app,
  builder,
  database,
  home,
  options,
  project,
  service,
  site,
  trees,
  useTestbed,
  write,
  failure,
  memoryArtefacts,
} from "./testbed.ts";

useTestbed();

const pathsOf = (digest: string): string[] => Object.keys(trees.get(digest)!.entries);

describe("what a build leaves out", () => {
  test("a glob that fits no file is named, with what is there", async () => {
    write("api/main.js");
    write("api/build/main.js");
    const error = await failure(
      builder().build(app({ services: { api: service({ files: ["main.js", "dist/**"] }) } }), options()),
    );
    expect(error).toMatchObject({
      code: "BUILD_OUTPUT_MISSING",
      context: { part: "service:api", there: ["build/", "main.js"] },
    });
    expect(error.message).toContain("dist/**");
    expect(error.message).not.toContain("fits main.js");
  });

  test("a site's folder that is not there, that is empty, that is a file or a way out", async () => {
    write("web/main.js");
    const wanted = (build: string) => app({ services: {}, sites: { web: site({ build }) } });
    for (const build of ["true", "mkdir dist", "rmdir dist; : > dist"]) {
      expect(await failure(builder().build(wanted(build), options()))).toMatchObject({
        code: "BUILD_OUTPUT_MISSING",
        context: { part: "site:web" },
      });
    }
    mkdirSync(join(home, "outside"));
    expect(
      await failure(builder().build(wanted("rm -rf dist; ln -s ../../outside dist"), options())),
    ).toMatchObject({ code: "PATH_ESCAPES" });
  });

  test("a site's fallback page is not asked for here", async () => {
    write("web/dist/other.html");
    const release = await builder().build(app({ services: {}, sites: { web: site() } }), options());
    expect(pathsOf(release.sites["web"]!.tree)).toEqual(["other.html"]);
  });

  test("a path that cannot be stored is told with its part", async () => {
    write("api/main.js");
    const refusal = new AppError("PATH_ESCAPES", "main.js leads out", {
      hint: "h",
      context: { path: "main.js" },
    });
    const artefacts = { ...memoryArtefacts, storeTree: () => Promise.reject(refusal) };
    expect(await failure(builder({ artefacts }).build(app(), options()))).toMatchObject({
      code: "PATH_ESCAPES",
      message: "service:api: main.js leads out",
      hint: "h",
      context: { path: "main.js", part: "service:api" },
    });
  });

  test("a migrations folder without migrations", async () => {
    write("api/main.js");
    const migrations = { service: "api", folder: "migrations", up: "u", down: null, status: "s" };
    const wanted = app({ database: database(migrations) });
    expect(await failure(builder().build(wanted, options()))).toMatchObject({
      code: "BUILD_OUTPUT_MISSING",
      context: { folder: "migrations" },
    });
  });

  test("a build command whose folder cannot be entered says so", async () => {
    write("api/main.js");
    const wanted = app({ services: { api: service({ build: "true" }) } });
    const { runBuilds } = await import("./run-builds.ts");
    const { partsOf } = await import("./parts.ts");
    const parts = partsOf(wanted, project);
    rmSync(join(project, "api"), { recursive: true });
    chmodSync(project, 0o755);
    const error = await failure(
      runBuilds({
        ...options(),
        parts,
        env: { PATH: process.env["PATH"] },
        logFolder: join(home, "logs"),
        concurrency: 1,
      }),
    );
    expect(error).toMatchObject({ code: "BUILD_FAILED" });
  });
});
