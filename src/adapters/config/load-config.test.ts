import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseApp } from "../../config/parse-app.ts";
import { CONFIG, later, makeTestbed, setTime, type Testbed } from "./testbed.ts";

const APP = `{ name: "shop", services: { api: { path: "api", command: "node x.js", route: "/*" } } }`;
const GOOD = `import { defineApp } from "switchback";\nexport default defineApp(${APP});\n`;

let bed: Testbed;
beforeEach(() => {
  bed = makeTestbed();
});
afterEach(() => bed.remove());

const cacheFile = (): string => join(bed.folder, ".switchback/cache/config.json");

test("the nearest configuration above is found, and paths are relative to its folder", async () => {
  bed.write(CONFIG, GOOD);
  bed.write("a/b/c/x", "");
  const { app, projectDir, file } = await bed.load({ cwd: join(bed.folder, "a/b/c") }, { parse: parseApp });
  expect(app).toMatchObject({ name: "shop", services: { api: { kind: "web", memoryMb: 256 } } });
  expect({ projectDir, file }).toEqual({ projectDir: bed.folder, file: join(bed.folder, CONFIG) });
});

test.each(["mts", "js", "mjs"])("switchback.config.%s is a configuration too", async (extension) => {
  bed.write(`switchback.config.${extension}`, GOOD);
  expect((await bed.load()).app.name).toBe("shop");
});

test("a file or a folder can be named, and has a cache of its own", async () => {
  bed.write(CONFIG, GOOD);
  bed.write("other.ts", GOOD.replace("shop", "other"));
  bed.write(`sub/${CONFIG}`, GOOD.replace("shop", "sub"));
  for (const _round of [1, 2]) {
    expect((await bed.load({ file: "other.ts" })).app.name).toBe("other");
    expect((await bed.load({ file: "sub" })).app.name).toBe("sub");
    expect((await bed.load()).app.name).toBe("shop");
  }
  expect(bed.parsed).toHaveLength(3);
});

test("no configuration: CONFIG_MISSING shows one to begin with", async () => {
  const error = await bed.failure();
  expect(error).toMatchObject({ code: "CONFIG_MISSING", exitCode: 2 });
  expect(error.hint).toContain("export default defineApp({");
  expect(await bed.failure({ file: "nope.ts" })).toMatchObject({
    code: "CONFIG_MISSING",
    message: "nope.ts does not exist",
  });
});

test("the configuration that CONFIG_MISSING shows is a good one", async () => {
  const hint = (await bed.failure()).hint ?? "";
  bed.write(CONFIG, hint.slice(hint.indexOf("import {")));
  expect((await bed.load({}, { parse: parseApp })).app.name).toBe("my-app");
});

test("two configurations in one folder are refused", async () => {
  bed.write(CONFIG, GOOD);
  bed.write("switchback.config.mjs", GOOD);
  const error = await bed.failure();
  expect(error).toMatchObject({ code: "CONFIG_UNREADABLE", hint: expect.stringContaining("--config") });
  expect(error.message).toContain("switchback.config.ts, switchback.config.mjs");
});

test("an unchanged configuration is not run again", async () => {
  bed.write(CONFIG, GOOD);
  const first = await bed.load();
  expect(await bed.load()).toEqual(first);
  expect(bed.parsed).toHaveLength(1);
  expect(readdirSync(join(bed.folder, ".switchback/cache")).sort()).toEqual([".gitignore", "config.json"]);
});

test("a change to the file or to what it imports is seen", async () => {
  bed.write(
    CONFIG,
    `import { name } from "./lib/name.ts"; import json from "./n.json"; export default { name, n: json.n };`,
  );
  bed.write("lib/name.ts", `export const name: string = "one";`);
  bed.write("n.json", `{"n": 1}`);
  expect((await bed.load()).app).toEqual({ name: "one", n: 1 });
  bed.write("lib/name.ts", `export const name: string = "two";`);
  expect((await bed.load()).app).toEqual({ name: "two", n: 1 });
  bed.write("n.json", `{"n": 2}`);
  expect((await bed.load()).app).toEqual({ name: "two", n: 2 });
  rmSync(join(bed.folder, "n.json"));
  expect(await bed.failure()).toMatchObject({ code: "CONFIG_UNREADABLE" });
});

test("a change of the same length with the same times is seen while the file is young, and a touched file is not run again", async () => {
  const file = bed.write(CONFIG, GOOD);
  const now = { nowMs: () => Date.now() };
  setTime(file, 1_700_000_000);
  await bed.load({}, { clock: now });
  bed.write(CONFIG, GOOD.replace("shop", "shap"));
  setTime(file, 1_700_000_000);
  expect((await bed.load({}, { clock: now })).app.name).toBe("shap");
  setTime(file, 1_800_000_000);
  expect((await bed.load()).app.name).toBe("shap");
  expect(bed.parsed).toHaveLength(2);
});

test("a link that is pointed at another file is seen", async () => {
  bed.write("one.ts", `export const name = "one";`);
  bed.write("two.ts", `export const name = "two";`);
  bed.write(CONFIG, `import { name } from "./which.ts"; export default { name };`);
  const link = join(bed.folder, "which.ts");
  symlinkSync("one.ts", link);
  expect((await bed.load()).app.name).toBe("one");
  rmSync(link);
  symlinkSync("two.ts", link);
  expect((await bed.load()).app.name).toBe("two");
});

test("another version or NODE_ENV judges anew", async () => {
  bed.write(CONFIG, GOOD);
  await bed.load();
  await bed.load({}, { version: "1.0.1" });
  await bed.load({}, { version: "1.0.1", nodeEnv: "test" });
  expect(bed.parsed).toHaveLength(3);
});

test.each([
  ["an environment variable", `export default { name: process.env.HOME ? "a" : "b" };`],
  [
    "an environment variable by another way",
    `const { env } = process; export default { name: env.HOME ?? "x" };`,
  ],
  ["the time", `export default { name: String(Date.now()) };`],
  ["chance", `export default { name: String(Math.random()) };`],
  ["where it lies", `export default { name: import.meta.dirname };`],
  ["a module of Node", `import { hostname } from "node:os"; export default { name: hostname() };`],
  ["a later import", `const m = await import("node:os"); export default { name: m.hostname() };`],
])("a configuration that looks at %s is run every time", async (_what, text) => {
  bed.write(CONFIG, text);
  await bed.load();
  await bed.load();
  expect(bed.parsed).toHaveLength(2);
  expect(existsSync(cacheFile())).toBe(false);
});

test.each(["", "null", "{", '{"format":1}', '{"format":99,"app":{},"inputs":[]}', "\u0000\u0001"])(
  "a damaged cache (%j) is made again",
  async (text) => {
    bed.write(CONFIG, GOOD);
    await bed.load();
    writeFileSync(cacheFile(), text);
    expect((await bed.load()).app.name).toBe("shop");
    expect(readFileSync(cacheFile(), "utf8")).toContain('"shop"');
  },
);

test("what is not accepted is not kept", async () => {
  bed.write(CONFIG, GOOD.replace("command", "comand"));
  const error = await bed.failure({}, { parse: parseApp });
  expect(error).toMatchObject({ code: "CONFIG_INVALID" });
  expect(error.message).toMatch(/^switchback\.config\.ts: services\.api\.comand is not a setting/);
  expect(existsSync(cacheFile())).toBe(false);
});

test("a project where nothing can be written loads all the same", async () => {
  bed.write(
    CONFIG,
    `import { name } from "./name.ts";\nif (name === "bad") throw new Error("told to");\nexport default { name };`,
  );
  bed.write("name.ts", `export const name: string = "shop";`);
  // A file in the folder's place stops root as well, whom permissions do not.
  bed.write(".switchback", "");
  chmodSync(join(bed.folder, ".switchback"), 0o400);
  expect((await bed.load()).app.name).toBe("shop");
  bed.write("name.ts", `export const name: string = "bad";`);
  expect((await bed.failure()).message).toBe("switchback.config.ts:2:27: told to");
});

test("an installed package is imported from the project", async () => {
  bed.write("node_modules/shared/package.json", `{"name":"shared","type":"module","exports":"./index.js"}`);
  bed.write("node_modules/shared/index.js", `export const name = "shared";`);
  bed.write(CONFIG, `import { name } from "shared"; export default { name };`);
  expect((await bed.load()).app.name).toBe("shared");
});

test("import.meta speaks of the source", async () => {
  bed.write(
    "lib/where.ts",
    `export const where = [import.meta.dirname, import.meta.filename, import.meta.url];`,
  );
  bed.write(
    CONFIG,
    `import { where } from "./lib/where.ts"; export default { where, dir: import.meta.dirname };`,
  );
  const file = join(bed.folder, "lib/where.ts");
  expect((await bed.load()).app).toEqual({
    where: [join(bed.folder, "lib"), file, `file://${file}`],
    dir: bed.folder,
  });
});

test("two commands at once do not disturb each other", async () => {
  bed.write(CONFIG, GOOD);
  const names = await Promise.all([1, 2, 3, 4].map(async () => (await bed.load()).app.name));
  expect(names).toEqual(["shop", "shop", "shop", "shop"]);
  expect(readdirSync(join(bed.folder, ".switchback/cache")).sort()).toEqual([".gitignore", "config.json"]);
});

test("an aborted load rejects with the signal's reason", async () => {
  bed.write(CONFIG, `setInterval(() => {}, 1000); await new Promise(() => {}); export default {};`);
  const controller = new AbortController();
  const load = bed.load({ signal: controller.signal });
  setTimeout(() => controller.abort(new Error("told to stop")), 20);
  await expect(load).rejects.toThrow("told to stop");
});

test("the example's configuration is accepted", async () => {
  const example = fileURLToPath(new URL("../../../examples/rideshare/switchback.config.ts", import.meta.url));
  bed.write(CONFIG, readFileSync(example, "utf8"));
  const { app } = await bed.load({}, { parse: parseApp, clock: later });
  expect(app).toMatchObject({
    name: "rideshare",
    services: { api: { instances: 2, secrets: { SESSION_SECRET: { generate: true } } } },
    database: { version: 18, migrations: { service: "api" } },
    environments: { staging: { promotesFrom: "testing" }, production: { approval: { required: true } } },
  });
});
