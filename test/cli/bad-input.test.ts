import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { errorOf, expectTold } from "../helpers/told.ts";

let project: TinyProject;
let good: string;

const run = (...args: string[]) => project.run("--json", ...args);
const config = () => join(project.folder, "switchback.config.mjs");

beforeAll(async () => {
  project = makeTinyProject();
  good = project.config;
  project.writeApi("one");
  project.writeSite("site");
  expect((await run("deploy", "development")).code).toBe(0);
});
afterEach(async () => {
  writeFileSync(config(), good);
  rmSync(join(project.folder, "switchback.config.js"), { force: true });
  expect((await project.get("/api/hello")).body).toBe("one");
});
afterAll(() => project.close());

const edited = (change: (config: Record<string, unknown>) => unknown): string =>
  `export default ${JSON.stringify(change(JSON.parse(good.slice("export default ".length).replace(/;\s*$/, "")) as Record<string, unknown>))};`;

test.each<[string, () => string, string, RegExp]>([
  [
    "does not compile",
    () => `export default {\n  name: "tiny"\n  services: {},\n};`,
    "CONFIG_UNREADABLE",
    /:3:3/,
  ],
  [
    "throws",
    () => `throw new Error("no licence");\nexport default {};`,
    "CONFIG_UNREADABLE",
    /:1:\d+.*no licence/s,
  ],
  [
    "reads what is not there",
    () => `import x from "./absent.js";\nexport default x;`,
    "CONFIG_UNREADABLE",
    /absent/,
  ],
  [
    "needs a package that is not there",
    () => `import x from "absent-x";\nexport default x;`,
    "CONFIG_UNREADABLE",
    /absent-x/,
  ],
  ["exports nothing", () => `export const app = {};`, "CONFIG_UNREADABLE", /no default export/],
  ["exports a number", () => `export default 7;`, "CONFIG_UNREADABLE", /number/],
  ["is empty", () => ``, "CONFIG_UNREADABLE", /no default export/],
  ["is no text", () => `\0\u0001\u0002`, "CONFIG_UNREADABLE", /switchback\.config\.mjs/],
  ["never ends", () => `while (true);`, "CONFIG_UNREADABLE", /10/],
  ["has a setting of the wrong type", () => edited((c) => ({ ...c, name: 7 })), "CONFIG_INVALID", /name/],
  ["lacks a setting", () => edited(({ name: _name, ...c }) => c), "CONFIG_INVALID", /name/],
  [
    "has a setting that is misspelt",
    () => edited(({ services, ...c }) => ({ ...c, servces: services })),
    "CONFIG_INVALID",
    /services/,
  ],
  [
    "has a strategy that is none",
    () => edited((c) => ({ ...c, environments: { development: { strategy: "roling" } } })),
    "CONFIG_INVALID",
    /rolling/,
  ],
])(
  "a configuration that %s is answered with the place and what to write",
  async (_what, text, code, says) => {
    writeFileSync(config(), text());
    const ran = await run("deploy", "development");
    const error = expectTold(ran, 2, code);
    expect(JSON.stringify(error) + ran.stderr).toMatch(says);
  },
);

test("no configuration, two of them, and one that was named and is not there", async () => {
  rmSync(config());
  expect(expectTold(await run("status"), 2, "CONFIG_MISSING").hint).toContain("switchback.config.ts");
  expectTold(await run("status", "--config", "nowhere.ts"), 2, "CONFIG_MISSING");
  writeFileSync(config(), good);
  writeFileSync(join(project.folder, "switchback.config.js"), good);
  expect(expectTold(await run("status"), 2, "CONFIG_UNREADABLE").hint).toContain("--config");
});

test.each([
  ["an unknown command", ["deplyo", "development"], 2, "USAGE", "deploy"],
  ["an unknown option", ["deploy", "development", "--wiat"], 2, "USAGE", "--wait"],
  ["an option without its value", ["deploy", "development", "--release"], 2, "USAGE", "--release"],
  ["an argument too many", ["deploy", "development", "now"], 2, "USAGE", "too many"],
  ["no environment", ["deploy"], 2, "USAGE", "environment"],
  ["a misspelt environment", ["deploy", "developmnt"], 2, "ENVIRONMENT_UNKNOWN", "development"],
  ["an environment that is none", ["status", "__proto__"], 2, "ENVIRONMENT_UNKNOWN", "development"],
  ["an environment with a path", ["status", "../development"], 2, "ENVIRONMENT_UNKNOWN", "development"],
  [
    "an unknown release",
    ["deploy", "development", "--release", "r-ffffffffffff"],
    2,
    "RELEASE_UNKNOWN",
    "releases",
  ],
  [
    "a release that is none",
    ["rollback", "development", "--to", "../../x"],
    2,
    "RELEASE_UNKNOWN",
    "releases",
  ],
  ["an unknown deployment", ["show", "development", "d-9999"], 2, "DEPLOYMENT_UNKNOWN", "history"],
  ["a misspelt service", ["logs", "development", "apy"], 2, "SERVICE_UNKNOWN", "did you mean api"],
  [
    "a misspelt service of a command",
    ["run", "development", "--service", "apy", "--", "true"],
    2,
    "SERVICE_UNKNOWN",
    "api",
  ],
  ["a number that is none", ["history", "development", "--limit", "many"], 2, "USAGE", "--limit"],
  ["a time that is none", ["lock", "development", "--until", "noon"], 2, "USAGE", "2026"],
  ["a time that is over", ["lock", "development", "--until", "2001-01-01"], 2, "USAGE", "over"],
  ["a secret that no variable can hold", ["secret", "set", "development", "A-B"], 2, "USAGE", "underscores"],
  ["a verb that is none", ["secret", "get", "development", "A"], 2, "USAGE", "set|list|remove"],
  ["nothing to resume", ["resume", "development"], 3, "NOTHING_TO_RESUME", "status"],
  ["nothing to abort", ["abort", "development"], 3, "NOTHING_TO_RESUME", "status"],
  ["nothing to promote", ["promote", "development"], 3, "PROMOTION_SOURCE", "deploy"],
  ["nothing before", ["rollback", "development"], 3, "NO_EARLIER_RELEASE", "--to"],
] as const)(
  "%s is answered with what was meant, or what to do next",
  async (_what, args, exit, code, says) => {
    const error = expectTold(await run(...args), exit, code);
    expect(`${error.message} ${error.hint}`).toContain(says);
  },
);

test("sources that no release can serve from are named in their own words, and all goes on after that", async () => {
  rmSync(join(project.folder, "web/dist"), { recursive: true });
  expectTold(await run("deploy", "development"), 1, "BUILD_OUTPUT_MISSING");
  mkdirSync(join(project.folder, "web/dist"));
  project.writeSite("site");
  project.writeApi("two", `this is no JavaScript`);
  const failed = await run("deploy", "development");
  const error = errorOf(failed);
  expect([failed.code, error.code]).toEqual([1, "INSTANCE_UNHEALTHY"]);
  expect(error.context!["lines"]).toContainEqual(expect.stringContaining("SyntaxError"));
  project.writeApi("one");
  expect((await run("deploy", "development")).code).toBe(0);
  expect((await run("history", "development", "--verify")).code).toBe(0);
});
