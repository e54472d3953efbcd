import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { makeFileStore } from "../../src/adapters/store/file/file-store.ts";
import { seal } from "../../src/domain/sealed.ts";
import { encodeHead, headKey } from "../../src/engine/read-log.ts";
import { writeLongLog } from "../../test/helpers/long-log.ts";
import { shopRelease } from "../../test/helpers/shop.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 31);
const MAIN = resolve("dist/main.js");
const ENVIRONMENT = "rolling";
const FEW = 10;
const MANY = 10_000;
const TARGET_TIMES = 1.2;

const CONFIG = `export default {
  name: "shop",
  services: { api: { path: ".", command: "node x.js", route: "/*" } },
  environments: { ${ENVIRONMENT}: { strategy: "rolling" } },
};
`;

/** A project whose environment has had so many deployments. Gives its folder and the entries of its log. */
const makeProject = async (root: string, deployments: number) => {
  const folder = join(root, String(deployments));
  const storeFolder = join(folder, ".switchback/store");
  mkdirSync(storeFolder, { recursive: true });
  writeFileSync(join(folder, "switchback.config.mjs"), CONFIG);
  const store = makeFileStore({ folder: storeFolder });
  const state = await writeLongLog(ENVIRONMENT, deployments, (key, bytes) => {
    const path = join(storeFolder, key);
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  });
  await store.replace(headKey(ENVIRONMENT), encodeHead(state), null);
  for (const name of ["a", "b"]) {
    const release = shopRelease(name, ["0001"]);
    await store.create(`releases/${release.id}.json`, seal(release));
  }
  return { folder, entries: state.sequence };
};

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const timeOf = (folder: string, args: string[]): number => {
  const startedMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} exited with ${status}: ${stderr}`);
  return performance.now() - startedMs;
};

const main = async (root: string): Promise<{ text: string; failed: number }> => {
  const few = await makeProject(root, FEW);
  const many = await makeProject(root, MANY);
  const commands = [
    ["status", ENVIRONMENT],
    ["history", ENVIRONMENT, "-n", "20"],
  ];
  const rounds: { node: number; times: { few: number; many: number }[] }[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const node = timeOf(few.folder, ["-e", "0"]);
    const times = commands.map((command) => {
      const args = [MAIN, ...command];
      // Each is first as often as second.
      if (round % 2 === 0) {
        const first = timeOf(few.folder, args);
        return { few: first, many: timeOf(many.folder, args) };
      }
      const first = timeOf(many.folder, args);
      return { many: first, few: timeOf(few.folder, args) };
    });
    if (round >= 0) rounds.push({ node, times });
  }
  const verifyMs = timeOf(many.folder, [MAIN, "history", ENVIRONMENT, "--verify"]);
  const rows = commands.map((command, at) => {
    const ms = (which: "few" | "many") => median(rounds.map(({ times }) => times[at]![which])).toFixed(0);
    const ratio = median(rounds.map(({ times }) => times[at]!.many / times[at]!.few));
    const verdict = ratio <= TARGET_TIMES ? "passed" : "FAILED";
    const row = [
      `\`${command.join(" ")}\``,
      ms("few"),
      ms("many"),
      ratio.toFixed(2),
      `≤ ${TARGET_TIMES}`,
      verdict,
    ];
    return { verdict, text: `| ${row.join(" | ")} |` };
  });
  const failed = rows.filter(({ verdict }) => verdict === "FAILED").length;
  const text = `# status

Whole processes in a project whose environment has had ${FEW} deployments, and in one that has had ${MANY.toLocaleString("en")} (${many.entries.toLocaleString("en")} log
entries); files on disk, nothing running. Medians of ${ROUNDS} interleaved rounds, ratios within a round. Node ${process.versions.node};
\`node -e 0\` takes ${median(rounds.map(({ node }) => node)).toFixed(0)} ms here. \`history --verify\` of all ${many.entries.toLocaleString("en")} entries takes ${(verifyMs / 1000).toFixed(1)} s.

| | ${FEW}: ms | ${MANY.toLocaleString("en")}: ms | × | target | |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => row.text).join("\n")}

${rows.length - failed} passed, ${failed} failed
`;
  return { text, failed };
};

const root = mkdtempSync(join(tmpdir(), "bench-status-"));
try {
  const { text, failed } = await main(root);
  mkdirSync("bench/results", { recursive: true });
  writeFileSync("bench/results/status.md", text);
  process.stdout.write(text);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
