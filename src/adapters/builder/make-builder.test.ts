import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { releaseIdOf } from "../../domain/release.ts";
import {
  app,
  builder,
  database,
  commitAll,
  git,
  home,
  options,
  project,
  service,
  site,
  trees,
  useTestbed,
  write,
} from "./testbed.ts";

useTestbed();

const pathsOf = (digest: string): string[] => Object.keys(trees.get(digest)!.entries);

describe("a release", () => {
  const wanted = app({
    services: {
      api: service({
        build:
          "mkdir -p dist/migrations && cp src/* dist/ && for n in 2 10 1; do : > dist/migrations/00$n.sql; done; : > dist/migrations/001.d.ts; : > dist/migrations/001.sql.map",
        files: ["dist/**", "package.json"],
        env: { B: "1", A: "2" },
        secrets: { TOKEN: { generate: true } },
      }),
    },
    sites: {
      web: site({
        build: "mkdir -p dist/.well-known && cp src/* dist/ && : > dist/.well-known/security.txt",
        route: "/*",
      }),
    },
    database: database({ service: "api", folder: "dist/migrations", up: "u", down: null, status: "s" }),
    cache: { engine: "redis" },
    buckets: { photos: { public: true }, docs: { public: false } },
  });
  const sources = () => {
    write("api/src/main.js");
    write("api/package.json", "{}");
    write("api/.env", "SECRET=1");
    write("web/src/page.html");
    write(".gitignore", "dist/\n");
  };

  test("holds what the configuration says and what the builds made", async () => {
    sources();
    commitAll("Sell things\n\nA body.");
    const nowMs = () => Date.UTC(2026, 0, 2);
    const release = await builder({ nowMs }).build(wanted, options());
    const { id, inputs } = await builder().inputs(wanted);
    expect(release).toEqual({
      format: 1,
      id,
      app: "shop",
      inputs,
      services: {
        api: {
          kind: "web",
          command: "node main.js",
          route: "/api/*",
          port: 8080,
          health: service().health,
          stopMs: 5_000,
          env: ["A", "B"],
          secrets: { TOKEN: { generate: true } },
          tree: expect.any(String) as string,
        },
      },
      sites: { web: { tree: expect.any(String) as string, route: "/*", fallback: "index.html" } },
      database: { engine: "postgresql", version: 18 },
      migrations: {
        service: "api",
        folder: "dist/migrations",
        up: "u",
        down: null,
        status: "s",
        names: ["001", "0010", "002"],
      },
      cache: true,
      buckets: ["docs", "photos"],
      source: {
        commit: git(project, "rev-parse", "HEAD").trim(),
        branch: "main",
        subject: "Sell things",
        dirty: false,
      },
      createdAt: "2026-01-02T00:00:00.000Z",
    });
    expect(release.id).toBe(releaseIdOf(release.inputs));
    expect(pathsOf(release.services["api"]!.tree)).toEqual([
      "dist/main.js",
      "dist/migrations/001.d.ts",
      "dist/migrations/001.sql",
      "dist/migrations/001.sql.map",
      "dist/migrations/0010.sql",
      "dist/migrations/002.sql",
      "package.json",
    ]);
    expect(pathsOf(release.sites["web"]!.tree)).toEqual([".well-known/security.txt", "page.html"]);
    expect((await builder().build(wanted, options())).services).toEqual(release.services);
  });

  test("tells a changed work tree, a detached head, and that there is no git", async () => {
    sources();
    expect((await builder().build(wanted, options())).source).toEqual({
      commit: null,
      branch: null,
      subject: null,
      dirty: false,
    });
    git(project, "init", "-q");
    expect((await builder().build(wanted, options())).source).toEqual({
      commit: null,
      branch: "main",
      subject: null,
      dirty: true,
    });
    commitAll();
    git(project, "checkout", "-q", "--detach");
    write("api/src/main.js", "other");
    expect((await builder().build(wanted, options())).source).toMatchObject({
      branch: null,
      subject: "First",
      dirty: true,
    });
  });

  test("takes files by globs: dot files only when named, links as links, what is taken away not at all", async () => {
    write("api/main.js");
    write("api/.env");
    write("api/.config/keep");
    write("api/lib/.hidden/file");
    write("api/lib/skip.test.js");
    const taken = async (files: string[]) =>
      pathsOf(
        (await builder().build(app({ services: { api: service({ files }) } }), options())).services["api"]!
          .tree,
      );
    expect(await taken(["**", "!**/*.test.js"])).toEqual(["main.js"]);
    expect(await taken(["main.js", ".env", ".config", "lib/**", "!lib/*.test.js"])).toEqual([
      ".config/keep",
      ".env",
      "lib/.hidden/file",
      "main.js",
    ]);
  });

  test("a link is given to the store as a link, not as what lies behind it", async () => {
    write("api/main.js");
    write("secret");
    symlinkSync("../secret", join(project, "api/way-out"));
    mkdirSync(join(home, "outside"));
    symlinkSync(join(home, "outside"), join(project, "api/folder"));
    const given: string[][] = [];
    const artefacts = {
      storeTree: (_: string, select: string[]) => (
        given.push(select),
        Promise.resolve({ digest: "d", tree: { format: 1 as const, entries: {} } })
      ),
    };
    await builder({ artefacts: artefacts as never }).build(app(), options());
    expect(given).toEqual([["folder", "main.js", "way-out"]]);
  });
});
