import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseApp } from "../../config/parse-app.ts";
import { CONFIG, makeTestbed, type Testbed } from "./testbed.ts";

let bed: Testbed;
beforeEach(() => {
  bed = makeTestbed();
});
afterEach(() => bed.remove());

test.each([
  [
    "a syntax error",
    `const a = 1;\nexport default { name: "ä", ; };`,
    "2:29: ",
    'Expected identifier but found ";"',
  ],
  [
    "a missing file",
    `import x from "./nope.ts";\nexport default { x };`,
    "1:15: ",
    'Could not resolve "./nope.ts"',
  ],
  [
    "a missing package",
    `\nimport * as x from "left-pad-9";\nexport default { x };`,
    "2:20: ",
    "Cannot find package 'left-pad-9'",
  ],
  [
    "a missing export of Node",
    `import { nope } from "node:path";\nexport default { n: nope() };`,
    "1:",
    "does not provide an export named 'nope'",
  ],
  [
    "a missing export of switchback",
    `import { nope } from "switchback";\nexport default nope();`,
    "1:10: ",
    'No matching export in "switchback"',
  ],
  [
    "an exception",
    `const f = (): never => {\n  throw new TypeError("no region");\n};\nexport default f();`,
    "2:9: ",
    "TypeError: no region",
  ],
  [
    "a getter that throws",
    `export default {\n  get name() {\n    throw new Error("boo");\n  },\n};`,
    "3:11: ",
    "boo",
  ],
  [
    "a timer that throws",
    `setTimeout(() => {\n  throw new Error("late");\n}, 5);\nexport default await new Promise(() => {});`,
    "2:9: ",
    "late",
  ],
])("%s is shown with its line", async (_what, text, at, message) => {
  bed.write(CONFIG, text);
  const error = await bed.failure();
  expect(error).toMatchObject({ code: "CONFIG_UNREADABLE", exitCode: 2, hint: expect.any(String) });
  expect(error.message.startsWith(`${CONFIG}:${at}`), error.message).toBe(true);
  expect(error.message).toContain(message);
  const line = Number(at.split(":")[0]);
  const [code, mark] = error.context["lines"] as string[];
  expect(error.context["line"]).toBe(line);
  expect(code).toBe(`${line} | ${text.split("\n")[line - 1]}`);
  expect(mark).toMatch(/^ *\| *\^$/);
  expect(error.message).not.toContain(".switchback");
});

test("an exception in an imported file is shown with that file", async () => {
  bed.write("lib/region.ts", `export const region = (): string => {\n  throw new Error("no region");\n};`);
  bed.write(CONFIG, `import { region } from "./lib/region.ts";\nexport default { name: region() };`);
  expect((await bed.failure()).message).toBe("lib/region.ts:2:9: no region");
});

test.each([
  ["no default export", `export const app = 1;`, "has no default export: it exports only app"],
  ["nothing", ``, "has no default export: it exports nothing"],
  ["a promise", `export default Promise.resolve({});`, "exports a promise"],
  ["a function", `export default () => ({});`, "exports a function"],
  ["a list", `export default [1];`, "exports a list, not an app"],
  ["null", `export default null;`, "exports null, not an app"],
  ["text", `export default "shop";`, "exports string, not an app"],
  ["a thrown word", `throw "boo";`, "throws: 'boo'"],
  ["process.exit(0)", `process.exit(0);`, "ended the process (exit code 0)"],
  ["process.exit(3)", `process.exit(3);`, "ended the process (exit code 3)"],
  [
    "an await that nothing ends",
    `export default await new Promise(() => {});`,
    "waits for something that never happens",
  ],
])("%s is reported", async (_what, text, message) => {
  bed.write(CONFIG, text);
  const error = await bed.failure();
  expect(error).toMatchObject({ code: "CONFIG_UNREADABLE", hint: expect.any(String) });
  expect(error.message).toContain(`${CONFIG} ${message}`);
});

test.each([
  [
    "an await that something keeps alive",
    `setInterval(() => {}, 1000);\nexport default await new Promise(() => {});`,
  ],
  ["an endless loop", `while (true) {}`],
])("%s is ended and reported, and leaves nothing behind", async (_what, text) => {
  bed.write(CONFIG, text);
  expect((await bed.failure({}, { timeoutMs: 300 })).message).toBe(`${CONFIG} did not finish within 0.3 s`);
  expect(readdirSync(join(bed.folder, ".switchback/cache"))).toEqual([".gitignore"]);
});

test("what a configuration prints is talk, all of it, also when it fails", async () => {
  bed.write(CONFIG, `console.log("one"); console.error("two"); throw new Error("boo");`);
  await bed.failure();
  expect(bed.output.join("")).toBe("one\ntwo\n");
});

test("a variable that the configuration sets does not reach the command", async () => {
  bed.write(
    CONFIG,
    `process.env.SWITCHBACK_TEST_LEAK = "x"; globalThis.leak = 1; export default { name: "shop" };`,
  );
  await bed.load();
  expect(process.env["SWITCHBACK_TEST_LEAK"]).toBeUndefined();
  expect("leak" in globalThis).toBe(false);
});

test("values that are no data keep their place in the message", async () => {
  bed.write(
    CONFIG,
    `export default { name: "a", cache: () => 1, services: { api: { path: Symbol("x"), command: "x", build: Promise.resolve(1), memory: new Date(0) } } };`,
  );
  const error = await bed.failure({}, { parse: parseApp });
  expect(error.code).toBe("CONFIG_INVALID");
  const problems = error.context["problems"] as { path: string; message: string }[];
  expect(problems.map(({ path, message }) => `${path} ${message}`).sort()).toEqual([
    "cache is a function, not plain data",
    "services.api.build is a promise, not plain data",
    "services.api.memory is a Date, not plain data",
    "services.api.path is a symbol, not plain data",
  ]);
});

test("a circle in the configuration is a problem, not a crash", async () => {
  bed.write(CONFIG, `const a: Record<string, unknown> = { name: "a" }; a.cache = a; export default a;`);
  expect((await bed.failure({}, { parse: parseApp })).message).toContain("cache leads back to itself");
});
