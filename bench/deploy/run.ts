import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeProject, type Project } from "../rideshare/project.ts";
import { bootableOf, bootMs } from "./boot.ts";
import { untilOtherAnswer } from "./first-answer.ts";
import { report, type Measurements } from "./report.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const COLD_ROUNDS = Math.ceil(ROUNDS / 2);

const node = (): number => {
  const startedMs = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return performance.now() - startedMs;
};

let edits = 0;
const editApi = (project: Project): void =>
  project.write(
    "api/src/server.ts",
    (text) => `${text}\nReflect.set(globalThis, "change", ${(edits += 1)});\n`,
  );

/** The first deployment of all on a machine that has the builds already: supervisor, PostgreSQL and schema from nothing. */
const firstDeploy = (built: Project, release: string): number => {
  const project = built.copy();
  try {
    return project.run("deploy", "development", "--release", release).ms;
  } finally {
    project.close();
  }
};

interface Status {
  url: string;
  release: string;
}

const statusOf = (project: Project, environment: string): Status => {
  const [status] = project.json<{ release: string; urls: string[] }[]>("status", environment);
  if (status?.urls[0] === undefined) throw new Error(`${environment} serves nothing`);
  return { url: status.urls[0], release: status.release };
};

/** Resident memory of the supervisor's process: now, and at its highest. */
const supervisorMb = (project: Project): { now: number; peak: number } => {
  const record = join(project.folder, ".switchback/local/supervisor.json");
  const { pid } = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1_024;
  return { now: megabytes("VmRSS"), peak: megabytes("VmHWM") };
};

const main = async (built: Project, project: Project, release: string): Promise<Measurements> => {
  const times: Measurements["times"] = {
    node: [],
    boot: [],
    first: [],
    unchanged: [],
    build: [],
    change: [],
    rollback: [],
    warmFirstAnswer: [],
    warmRollback: [],
  };
  project.run("deploy", "development", "--release", release);
  project.run("deploy", "testing", "--release", release);
  const bootable = bootableOf(project);
  for (let round = 1; round <= ROUNDS; round++) {
    times.node.push(node());
    times.boot.push(await bootMs(bootable));
    if (round <= COLD_ROUNDS) times.first.push(firstDeploy(built, release));
    times.unchanged.push(project.run("deploy", "development").ms);
    editApi(project);
    times.build.push(project.run("release").ms);
    times.change.push(project.run("deploy", "development").ms);
    const changed = statusOf(project, "development");
    times.boot.push(await bootMs(bootable));
    times.rollback.push(project.run("rollback", "development").ms);
    project.run("deploy", "testing", "--release", changed.release);
    const { url } = statusOf(project, "testing");
    const returned = await untilOtherAnswer(project, url, ["rollback", "testing"]);
    times.warmFirstAnswer.push(returned.firstMs);
    times.warmRollback.push(returned.wholeMs);
    times.node.push(node());
    // The next round begins where this one began: with what serves being what the sources are.
    project.run("deploy", "development");
    const last = Object.entries(times).map(([name, all]) => `${name} ${Math.round(all.at(-1) ?? 0)}`);
    process.stderr.write(`round ${round} of ${ROUNDS}: ${last.join(", ")} ms\n`);
  }
  return { times, memoryMb: supervisorMb(project), rounds: ROUNDS };
};

const built = makeProject();
const { release } = built.json<{ release: { id: string } }>("release");
const project = built.copy();
try {
  const { text, failed } = report(await main(built, project, release.id));
  mkdirSync("bench/results", { recursive: true });
  writeFileSync("bench/results/deploy.md", text);
  process.stdout.write(text);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  project.close();
  built.close();
}
