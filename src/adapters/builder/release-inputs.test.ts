import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { releaseIdOf } from "../../domain/release.ts";
import {
  app,
  builder,
  commitAll,
  database,
  git,
  home,
  project,
  service,
  site,
  useTestbed,
  write,
} from "./testbed.ts";

useTestbed();

const changedKeys = async (
  change: () => void,
  [before, after]: [AppDefinition, AppDefinition] = [app(), app()],
) => {
  const old = await builder().inputs(before);
  change();
  const now = await builder().inputs(after);
  expect(old.id === now.id).toBe(JSON.stringify(old.inputs) === JSON.stringify(now.inputs));
  return Object.keys({ ...old.inputs, ...now.inputs })
    .filter((key) => old.inputs[key] !== now.inputs[key])
    .sort();
};

describe("what the id is made of", () => {
  test("the id is the hash of the inputs, and each has a name that says what it is", async () => {
    write("api/main.js");
    write("api/migrations/001.sql");
    write("web/dist/index.html");
    const wanted = app({
      sites: { frontend: site() },
      database: database({ service: "api", folder: "migrations", up: "u", down: null, status: "s" }),
    });
    const { id, inputs } = await builder().inputs(wanted);
    expect(id).toBe(releaseIdOf(inputs));
    expect(Object.keys(inputs).sort()).toEqual([
      "app:buckets",
      "app:cache",
      "app:database",
      "app:name",
      "migrations:definition",
      "migrations:files",
      "service:api:build",
      "service:api:definition",
      "service:api:lockfile",
      "service:api:sources",
      "site:frontend:build",
      "site:frontend:definition",
      "site:frontend:lockfile",
      "site:frontend:sources",
    ]);
  });

  const built = app({ services: { api: service({ build: "make", files: ["out/**"] }) } });
  const cases: [string, () => void][] = [
    ["a byte", () => write("api/main.js", "other")],
    ["the executable bit", () => chmodSync(join(project, "api/main.js"), 0o755)],
    ["a name", () => renameSync(join(project, "api/main.js"), join(project, "api/index.js"))],
    ["a new file", () => write("api/new.js")],
    ["a file that goes", () => rmSync(join(project, "api/other.js"))],
    [
      "where a link leads",
      () => (rmSync(join(project, "api/link")), symlinkSync("main.js", join(project, "api/link"))),
    ],
    [
      "a file in the place of a link",
      () => (rmSync(join(project, "api/link")), write("api/link", "other.js")),
    ],
    [
      "two contents that change places",
      () => (write("api/main.js", "api/other.js"), write("api/other.js", "api/main.js")),
    ],
  ];
  for (const kind of ["with git", "without git"]) {
    test.each(cases)(`%s changes the sources, ${kind}`, async (_, change) => {
      write("api/main.js");
      write("api/other.js");
      symlinkSync("other.js", join(project, "api/link"));
      if (kind === "with git") commitAll();
      expect(await changedKeys(change, [built, built])).toEqual(["service:api:sources"]);
    });

    test(`times, other folders, ignored and fetched files do not count, ${kind}`, async () => {
      write("api/main.js");
      write(".gitignore", "ignored/\n");
      if (kind === "with git") commitAll();
      const change = () => {
        write("web/other");
        write("api/node_modules/pkg/index.js");
        write("api/.switchback/x");
        write("api/dist/bundle.js");
        if (kind === "with git") write("api/ignored/secret.env");
        utimesSync(join(project, "api/main.js"), 1, 1);
        chmodSync(join(project, "api/main.js"), 0o600);
      };
      expect(await changedKeys(change, [built, built])).toEqual([]);
    });
  }

  test("what is not in the release does not count: values, sizes, environments", async () => {
    write("api/main.js");
    const before = app({ services: { api: service({ env: { LOG: "info" } }) } });
    const after = app({
      services: { api: service({ env: { LOG: "debug" }, cpu: 2048, memoryMb: 4096, instances: 9 }) },
    });
    expect(await changedKeys(() => undefined, [before, after])).toEqual([]);
  });

  const definitions: [string, string, Partial<ReturnType<typeof service>>][] = [
    ["the command", "service:api:definition", { command: "node other.js" }],
    ["the name of a setting", "service:api:definition", { env: { LOG: "x" } }],
    ["the name of a secret", "service:api:definition", { secrets: { TOKEN: { generate: false } } }],
    ["the health check", "service:api:definition", { health: { ...service().health, path: "/ready" } }],
    ["the build", "service:api:build", { build: "make" }],
    ["the files", "service:api:build", { files: ["*.js"] }],
  ];
  test.each(definitions)("%s counts", async (_, key, changes) => {
    write("api/main.js");
    expect(await changedKeys(() => undefined, [app(), app({ services: { api: service(changes) } })])).toEqual(
      [key],
    );
  });

  test("database, cache, buckets and migrations count", async () => {
    write("api/main.js");
    const migrations = { service: "api", folder: "m", up: "up", down: null, status: "status" };
    const after = app({
      database: database(migrations),
      cache: { engine: "redis" },
      buckets: { photos: { public: false } },
    });
    expect(await changedKeys(() => undefined, [app(), after])).toEqual([
      "app:buckets",
      "app:cache",
      "app:database",
      "migrations:definition",
    ]);
  });

  test("without a build, files that git ignores count when they are deployed, and node_modules do not", async () => {
    write(".gitignore", "out/\nnode_modules/\n");
    write("api/main.js");
    write("api/out/a.js");
    commitAll();
    expect(await changedKeys(() => write("api/out/a.js", "other"))).toEqual(["service:api:sources"]);
    expect(await changedKeys(() => write("api/node_modules/pkg/index.js"))).toEqual([]);
  });

  test("a site's folder counts when nothing builds it, and does not when it is built", async () => {
    write("web/src/main.ts");
    write("web/public/index.html");
    commitAll();
    const taken = app({ services: {}, sites: { web: site({ dist: "public" }) } });
    const made = app({ services: {}, sites: { web: site({ dist: "public", build: "make" }) } });
    expect(await changedKeys(() => write("web/public/index.html", "1"), [taken, taken])).toEqual([
      "site:web:sources",
    ]);
    expect(await changedKeys(() => write("web/public/index.html", "2"), [made, made])).toEqual([]);
    const itself = app({ services: {}, sites: { web: site({ dist: "." }) } });
    expect(await changedKeys(() => write("web/public/index.html", "3"), [itself, itself])).toEqual([
      "site:web:sources",
    ]);
  });

  test("the nearest lockfile counts, with the manifest beside it, for each part below it", async () => {
    write("package.json", "{}");
    write("package-lock.json", "{}");
    write("yarn.lock", "above the nearest");
    write("web/pnpm-lock.yaml", "nearer");
    write("api/main.js");
    write("web/src/main.ts");
    commitAll();
    const both = app({ sites: { web: site({ build: "make" }) } });
    const keys = (change: () => void) => changedKeys(change, [both, both]);
    expect(await keys(() => write("package-lock.json", "{ }"))).toEqual(["service:api:lockfile"]);
    expect(await keys(() => write("package.json", "{ }"))).toEqual(["service:api:lockfile"]);
    expect(await keys(() => write("web/pnpm-lock.yaml", "new"))).toEqual([
      "site:web:lockfile",
      "site:web:sources",
    ]);
  });

  test("the lockfile may lie above the project, in its repository, and no higher", async () => {
    write("package-lock.json", "1");
    write("apps/shop/api/main.js");
    const inner = { projectDir: join(project, "apps/shop") };
    const alone = await builder(inner).inputs(app());
    write("package-lock.json", "2");
    expect((await builder(inner).inputs(app())).id).toBe(alone.id);
    commitAll();
    const before = await builder(inner).inputs(app());
    write("package-lock.json", "3");
    expect((await builder(inner).inputs(app())).inputs["service:api:lockfile"]).not.toBe(
      before.inputs["service:api:lockfile"],
    );
  });

  test("extra inputs count: sources that a wildcard finds, and files that are named though ignored", async () => {
    write(".gitignore", "generated/\n*.tmp\n");
    write("api/main.js");
    write("shared/a.ts");
    write("generated/schema.json");
    commitAll();
    const wide = app({
      services: { api: service({ inputs: ["shared/**", "!shared/skip/**", "generated/schema.json"] }) },
    });
    const keys = (change: () => void) => changedKeys(change, [wide, wide]);
    expect(await keys(() => write("shared/a.ts", "1"))).toEqual(["service:api:inputs"]);
    expect(await keys(() => write("shared/b.ts"))).toEqual(["service:api:inputs"]);
    expect(await keys(() => write("generated/schema.json", "1"))).toEqual(["service:api:inputs"]);
    expect(
      await keys(() => (write("shared/x.tmp"), write("shared/skip/a"), write("generated/other"))),
    ).toEqual([]);
  });

  test("an extra input that matches nothing is a mistake, not silence", async () => {
    write("api/main.js");
    const typo = app({ services: { api: service({ inputs: ["shraed/**"] }) } });
    await expect(builder().inputs(typo)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      context: { glob: "shraed/**" },
    });
  });

  test("sources that a link brings in from elsewhere in the project count", async () => {
    write("api/main.js");
    write("shared/a.ts");
    write("shared/deep/b.ts");
    symlinkSync("../shared", join(project, "api/shared"));
    symlinkSync("../api", join(project, "shared/round"));
    commitAll();
    const built = app({ services: { api: service({ build: "make", files: ["out/**"] }) } });
    expect(await changedKeys(() => write("shared/deep/b.ts", "other"), [built, built])).toEqual([
      "service:api:sources",
    ]);
    expect(await changedKeys(() => write("elsewhere/c.ts", "other"), [built, built])).toEqual([]);
  });

  test("files of a submodule and of a repository inside count", async () => {
    mkdirSync(join(home, "library"));
    writeFileSync(join(home, "library/lib.js"), "1");
    for (const args of [
      ["init", "-q"],
      ["add", "-A"],
      ["commit", "-q", "-m", "x"],
    ])
      git(join(home, "library"), ...args);
    write("api/main.js");
    commitAll();
    git(
      project,
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "add",
      "-q",
      join(home, "library"),
      "api/library",
    );
    expect(await changedKeys(() => write("api/library/lib.js", "2"))).toEqual(["service:api:sources"]);
    write("api/inner/file.js", "1");
    git(join(project, "api/inner"), "init", "-q");
    expect(await changedKeys(() => write("api/inner/file.js", "2"))).toEqual(["service:api:sources"]);
  });

  test("a project that its repository ignores is walked, not taken for empty", async () => {
    write(".gitignore", "api/\n");
    write("api/main.js", "1");
    commitAll();
    const built = app({ services: { api: service({ build: "make" }) } });
    expect(await changedKeys(() => write("api/main.js", "2"), [built, built])).toEqual([
      "service:api:sources",
    ]);
  });

  test("odd names are told apart", async () => {
    const built = app({ services: { api: service({ build: "make" }) } });
    for (const name of [
      "new\nline",
      "__proto__",
      "-rf",
      'quo"te',
      "é",
      "e\u0301",
      " space ",
      "back\\slash",
      ":(top)x",
    ]) {
      write(`api/${name}`, "1");
    }
    commitAll();
    for (const name of ["new\nline", "__proto__", "é"]) {
      expect(await changedKeys(() => write(`api/${name}`, "2"), [built, built])).toEqual([
        "service:api:sources",
      ]);
    }
  });
});
