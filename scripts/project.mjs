// What every script needs first, with nothing but Node: dependencies from the lockfile, and a current build.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const hashOf = (...texts) =>
  texts.reduce((hash, text) => hash.update(text), createHash("sha256")).digest("hex");
const readOr = (path, otherwise) => (existsSync(path) ? readFileSync(path, "utf8") : otherwise);

/** Installs what the lockfile says, when node_modules is not of this lockfile and this Node major. */
export const ensureInstalled = () => {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Switchback needs Node 20.19 or newer; this is ${process.versions.node}.`);
    process.exit(2);
  }
  const mark = join(root, "node_modules/.installed");
  const wanted = hashOf(readFileSync(join(root, "package-lock.json")));
  if (readOr(mark, "") === wanted) return;
  console.error("Installing what package-lock.json names …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const run = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (run.status !== 0) {
    console.error("npm ci failed; its message is above. Check the network and run the command again.");
    process.exit(1);
  }
  writeFileSync(mark, wanted);
};

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );

const sourcesHash = () =>
  hashOf(
    process.version,
    ...[
      ...files(join(root, "src")).filter((file) => !file.endsWith(".test.ts")),
      join(root, "scripts/build.mjs"),
      join(root, "package-lock.json"),
    ]
      .sort()
      .map((file) => `${file} ${statSync(file).size} ${hashOf(readFileSync(file))}\n`),
  );

const stampFile = join(root, "dist/.built");
export const stamp = {
  current: () => readOr(stampFile, "") === sourcesHash(),
  write: () => {
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, sourcesHash());
  },
};

/** dist/ as of these sources; skipped when it is. */
export const ensureBuilt = async () => {
  if (stamp.current()) return;
  const { buildAll } = await import("./build.mjs");
  await buildAll();
};

/**
 * Runs the command line with this Node; resolves to its exit code and, where that is piped, its stdout. Ctrl-C is for the
 * command alone, which may ask what to do: a terminal sends it to both, everything else to this process only.
 */
export const switchback = (args, options = {}) =>
  new Promise((resolve) => {
    const main = join(root, "dist/main.js");
    const child = spawn(process.execPath, [main, ...args], { stdio: "inherit", ...options });
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => (stdout += text));
    const interrupted = () => process.stdin.isTTY || child.kill("SIGINT");
    const terminated = () => child.kill("SIGTERM");
    process.on("SIGINT", interrupted).on("SIGTERM", terminated);
    child.on("close", (code) => {
      process.off("SIGINT", interrupted).off("SIGTERM", terminated);
      resolve({ status: code ?? 1, stdout });
    });
  });
