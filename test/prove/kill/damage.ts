import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Finding } from "../../../src/domain/finding.ts";
import { readHead } from "../../../src/engine/read-log.ts";
import { damageFile, hasFile, type Damaged } from "./files.ts";
import { missingRows, readWholeLog, untilSteady } from "./invariants.ts";
import type { Lane } from "./lane.ts";
import type { DamagePlan } from "./scenario.ts";
import type { Tell } from "./story.ts";

/** Whether a file was damaged, explained by `doctor`, and whole again in the end. */
export const damageAndMend = async (
  lane: Lane,
  plan: DamagePlan,
  round: { tell: Tell; wrong: string[] },
): Promise<boolean> => {
  const { project, environment } = lane;
  const { tell, wrong } = round;
  if (!hasFile(project.folder, environment, plan.file)) return false;
  await project.run(["down"]);
  const damaged = damageFile(project.folder, environment, plan);
  if (damaged === null) throw new Error(`there is no ${plan.file} any more`);
  tell(`everything stopped, and ${damaged.how}: ${damaged.path.replace(`${project.folder}/`, "")}`);
  try {
    await explainAndMend(lane, { damaged, plan, ...round });
  } catch (error) {
    wrong.push(`${(error as Error).message}`);
    damaged.putBack();
  }
  const started = await project.run(["run", environment, "--json", "--", "true"]);
  if (started.code !== 0)
    wrong.push(`run -- true ended with ${started.code}: ${started.stdout}${started.stderr}`);
  const { state } = await readWholeLog(lane);
  wrong.push(...(await untilSteady(lane, state)));
  // Nothing was served meanwhile; what was answered counts all the same.
  const { wrong: bodies, acknowledged } = lane.traffic.take();
  wrong.push(...bodies, ...(await missingRows(lane, acknowledged)));
  return true;
};

interface Damage {
  damaged: Damaged;
  plan: DamagePlan;
  tell: Tell;
  wrong: string[];
}

const explainAndMend = async (lane: Lane, damage: Damage): Promise<void> => {
  const { damaged, plan, wrong, tell } = damage;
  const { kind } = damaged;
  const first = await doctor(lane, damage);
  const about = first.findings.filter((one) => one.check.startsWith(CHECKS[kind]) && one.state !== "whole");
  const expected = await expectedOf(lane, damaged);
  for (const { state, check, what, todo } of about)
    tell(`doctor: ${state}, ${check}: ${what.slice(0, 120)}; ${todo}`);
  if (!expected.includes(first.exitCode))
    wrong.push(
      `doctor ended with ${first.exitCode} for a ${kind} that was ${damaged.how}: ${JSON.stringify(first.findings)}`,
    );
  if (first.exitCode !== 0 && about.length === 0)
    wrong.push(`doctor says nothing of the ${kind}: ${JSON.stringify(first.findings)}`);
  if (about.some(({ state, todo }) => state !== "notice" && todo === null))
    wrong.push("doctor does not say what to do");
  if (kind === "entry" && first.exitCode === 4) entryIsTold(about, damaged, wrong);

  if (kind === "state" && first.exitCode === 3) await followAdvice(lane, about[0]!, damage);
  else if (first.exitCode === 4 || (kind === "lease" && !plan.patient)) damaged.putBack();
  else if (about.some(({ repair }) => repair !== null)) {
    const repaired = await doctor(lane, damage, "--repair");
    if (repaired.exitCode !== 0 || !repaired.findings.some(({ state }) => state === "repaired"))
      wrong.push(`doctor --repair ended with ${repaired.exitCode}: ${JSON.stringify(repaired.findings)}`);
  } else damaged.putBack();
  const last = await doctor(lane, damage);
  if (last.exitCode !== 0)
    wrong.push(`doctor ended with ${last.exitCode} after the mending: ${JSON.stringify(last.findings)}`);
};

const CHECKS: Record<Damaged["kind"], string> = {
  head: "head",
  lease: "lease",
  entry: "log",
  record: "release",
  blob: "file",
  tree: "tree",
  checkpoint: "checkpoint",
  state: "supervisor's state",
  temporary: "temporary files",
};

/** Exit codes that fit: 0 where nothing that counts is lost, 3 where it can be put right, 4 where it cannot. */
const expectedOf = async (lane: Lane, { kind, how, path }: Damaged): Promise<number[]> => {
  const name = basename(path, ".json");
  switch (kind) {
    case "temporary":
      return [0];
    case "head":
    case "checkpoint":
    case "lease":
      return how === "gone" ? [0] : [3];
    case "state":
      return [3];
    case "entry": {
      // That the very end is missing shows by a head that knows of it.
      const head = await readHead(lane.store, lane.environment);
      if (how === "gone" && Number(name) > (head.state?.sequence ?? 0)) return [0, 4];
      // One bit can make it say that a newer version wrote it.
      return how === "flipped" ? [3, 4] : [4];
    }
    case "record":
      // Of a record that is gone nobody knows, unless it serves or is the way back.
      return how === "gone" ? [0, 4] : how === "flipped" ? [3, 4] : [4];
    case "blob":
    case "tree":
      return [3, 4];
  }
};

/** Which entry, what is known without it, and what to put back. */
const entryIsTold = (about: Finding[], { path }: Damaged, wrong: string[]): void => {
  const number = String(Number(basename(path, ".json")));
  const told = about.find(
    ({ what, todo }) => what.includes(number) && todo?.includes(basename(path)) === true,
  );
  if (told === undefined) wrong.push(`doctor does not name entry ${number}: ${JSON.stringify(about)}`);
  else if (told.means?.includes("Known without it") !== true)
    wrong.push(`doctor does not say what is known: ${told.means}`);
};

/** What `doctor` says to do about the supervisor's state is done, and helps. */
const followAdvice = async (
  { project }: Lane,
  { todo }: Finding,
  { tell, wrong, damaged }: Damage,
): Promise<void> => {
  const words = (todo ?? "").replace(/^switchback /, "").split(" ");
  const { code, stdout, stderr } = await project.run([...words, "--json"]);
  tell(`$ ${todo}   ended with ${code}`);
  if (code !== 0) wrong.push(`${todo} ended with ${code}: ${stdout}${stderr}`);
  const folder = join(damaged.path, "..");
  for (const name of readdirSync(folder)) if (name.includes(".damaged-")) rmSync(join(folder, name));
};

const doctor = async (
  { project, environment }: Lane,
  { tell, wrong }: Damage,
  ...options: string[]
): Promise<{ findings: Finding[]; exitCode: number }> => {
  const { code, stdout, stderr } = await project.run(["doctor", environment, "--json", ...options]);
  tell(`$ switchback doctor ${[environment, ...options].join(" ")}   ended with ${code}`);
  const said = JSON.parse(stdout || "{}") as { findings?: Finding[]; exitCode?: number };
  if (said.findings === undefined || said.exitCode !== code) {
    wrong.push(`doctor ended with ${code}: ${stdout}${stderr}`);
    return { findings: [], exitCode: code };
  }
  return { findings: said.findings, exitCode: code };
};
