import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { supervisorOn } from "../../../src/adapters/local/connect.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { seconds, tell, type Checks } from "../common/checks.ts";
import { endStateOf, type EndState } from "../common/end-state.ts";
import { makeProofProject, type ProofProject, type Ran } from "../common/project.ts";

const HOOK = resolve("test/prove/deploy/kill-hook.mjs");
const ENVIRONMENTS = {
  rolling: { strategy: "rolling" },
  canary: { strategy: { type: "canary", percents: [50], bake: "50ms" }, warm: "0s" },
};
/** Every note gets its mark once: a migration that ran twice, or half, shows in the rows. */
const MARKS =
  "create table marks (note text not null, mark int not null); insert into marks select id, 1 from notes";
const IN_THE_MIDDLE_MS = 15;
const STEADY_WITHIN_MS = 20_000;

type Victim = "the command" | "the supervisor";

interface Kill {
  /** Number of the event, from 1. */
  at: number;
  /** Null: before it happens. */
  afterMs: number | null;
}

interface World {
  project: ProofProject;
  environment: string;
  releases: { before: string; after: string };
  /** Undisturbed: before the deployment, and after it. */
  states: { before: EndState; after: EndState };
}

/**
 * kill -9 of the command, and separately of the supervisor, before every write to the store and every request to the
 * supervisor that a deployment makes, and in the middle of every effect: the next command says what was going on, resume
 * reaches the release, abort the one before.
 */
export const proveKills = async (checks: Checks): Promise<void> => {
  // Each in a project of its own, side by side: most of a round is waiting.
  await Promise.all(Object.keys(ENVIRONMENTS).map((environment) => killIn(environment, checks)));
};

const killIn = async (environment: string, checks: Checks): Promise<void> => {
  const project = await makeProofProject(ENVIRONMENTS);
  try {
    const world = await prepare(project, environment);
    const events = await eventsOf(world);
    tell(`${environment}: ${events.length} events, from "${events[0]}" to "${events.at(-1)}"`);
    const before = events.map((_, index): Kill => ({ at: index + 1, afterMs: null }));
    const within = before
      .filter(({ at }) => events[at - 1]!.includes("/effects/"))
      .map(({ at }) => ({ at, afterMs: IN_THE_MIDDLE_MS }));
    for (const victim of ["the command", "the supervisor"] as const)
      for (const how of ["resume", "abort"] as const)
        await killEverywhere(world, { victim, how, events, kills: [...before, ...within], checks });
  } finally {
    await project.close();
  }
};

const prepare = async (project: ProofProject, environment: string): Promise<World> => {
  const before = await project.release({ name: "one" });
  const after = await project.release({ name: "two", migrations: { "0002_marks": MARKS } });
  await project.serve(environment, before);
  const seeded = await project.run(["run", environment, "--", "node migrate.mjs seed"]);
  if (seeded.code !== 0) throw new Error(`seeding failed: ${seeded.stderr}`);
  const states = { before: await steadyState(project, environment), after: null as unknown as EndState };
  await project.serve(environment, after);
  states.after = await steadyState(project, environment);
  const world = { project, environment, releases: { before, after }, states };
  await goBack(world);
  return world;
};

/** The state once every instance that shall run is healthy: a supervisor that has just come back boots them first. */
const steadyState = async (project: ProofProject, environment: string): Promise<EndState> => {
  for (const deadlineMs = performance.now() + STEADY_WITHIN_MS; ; await wait(100)) {
    const status = await project.status(environment);
    const healthy = status.services?.every((one) => one.healthy === one.wanted) === true;
    if (healthy || performance.now() > deadlineMs) return endStateOf(project, environment);
  }
};

/** To the release before, with its schema, by the tool's own commands. */
const goBack = async ({ project, environment, releases }: World): Promise<void> => {
  await project.serve(environment, releases.before);
  const down = await project.run(["run", environment, "--", "node migrate.mjs down 0001_notes"]);
  if (down.code !== 0) throw new Error(`going back failed: ${down.stderr}`);
};

const deployKilled = async (
  { project, environment, releases }: World,
  { at, afterMs, victim }: Kill & { victim: Victim },
): Promise<Ran> => {
  const supervisor = await supervisorOn(project.supervisorSocket());
  const pid: Record<string, string> =
    victim === "the supervisor" ? { KILL_PID: String(supervisor!.pid) } : {};
  return project.run(["deploy", environment, "--release", releases.after, "--json"], {
    module: HOOK,
    env: { KILL_AT: String(at), ...(afterMs === null ? {} : { KILL_AFTER_MS: String(afterMs) }), ...pid },
  });
};

/** What happens in an undisturbed deployment, in order. */
const eventsOf = async (world: World): Promise<string[]> => {
  const { project, environment, releases } = world;
  const trace = join(project.folder, "..", "trace");
  const { code, stderr } = await project.run(["deploy", environment, "--release", releases.after], {
    module: HOOK,
    env: { KILL_TRACE: trace },
  });
  if (code !== 0) throw new Error(`the traced deployment exited with ${code}: ${stderr}`);
  const events = readFileSync(trace, "utf8").trimEnd().split("\n");
  rmSync(trace);
  await goBack(world);
  return events;
};

interface Round {
  victim: Victim;
  how: "resume" | "abort";
  events: string[];
  kills: Kill[];
  checks: Checks;
}

const killEverywhere = async (world: World, { victim, how, events, kills, checks }: Round): Promise<void> => {
  const startedMs = performance.now();
  const wrong: string[] = [];
  let open = 0;
  for (const [index, kill] of kills.entries()) {
    const ran = await deployKilled(world, { ...kill, victim });
    const found = await afterKill(world, { how, ran, victim, sure: kill.afterMs === null });
    if (found.open) open += 1;
    const when = `${kill.afterMs === null ? "before" : "in"} ${events[kill.at - 1]}`;
    wrong.push(...found.wrong.map((one) => `${when}: ${one}`));
    for (const one of found.wrong) tell(`✘ ${world.environment}, ${victim}, ${how}, ${when}: ${one}`);
    await goBack(world);
    if ((index + 1) % 20 === 0)
      tell(`${world.environment}, ${victim}, ${how}: ${index + 1} of ${kills.length}, ${seconds(startedMs)}`);
  }
  checks.check(
    `${world.environment}: kill -9 of ${victim} at ${kills.length} instants, ${open} of them in the middle, then ${how}: the undisturbed end state`,
    wrong.length === 0 && open > kills.length / 3,
    [wrong.length, wrong.slice(0, 5)],
  );
};

/** Finishes what was left open, and compares with the undisturbed state. */
const afterKill = async (
  { project, environment, releases, states }: World,
  { how, ran, victim, sure }: { how: "resume" | "abort"; ran: Ran; victim: Victim; sure: boolean },
): Promise<{ open: boolean; wrong: string[] }> => {
  const wrong: string[] = [];
  const status = await project.status(environment);
  // A killed command has no exit code; one whose supervisor died says by it what it knows.
  if (
    victim === "the command" ? sure && ran.code !== -1 : ran.code === 0 && status.release !== releases.after
  )
    wrong.push(`the deployment exited with ${ran.code}: ${ran.stdout.slice(0, 300)}`);
  let wanted = status.release === releases.after ? states.after : states.before;
  if (status.open !== null) {
    const { text, deployment, running } = status.open;
    if (running || !text.includes(deployment)) wrong.push(`status says "${text}"`);
    const { code, stdout, stderr } = await project.run([how, environment, "--json"]);
    const receipt = JSON.parse(stdout || "{}") as Partial<Receipt> & { error?: { code: string } };
    const committed = how === "abort" && receipt.error?.code === "DEPLOYMENT_COMMITTED";
    if (committed) {
      const resumed = await project.run(["resume", environment]);
      if (resumed.code !== 0) wrong.push(`resume after the commit exited with ${resumed.code}`);
    } else if (code !== 0)
      wrong.push(`${how} exited with ${code}: ${stdout.slice(0, 300)} ${stderr.slice(-300)}`);
    wanted = committed || how === "resume" ? states.after : states.before;
  } else if (victim === "the supervisor") {
    // Nothing to finish; the next command that needs it starts it again.
    await project.run(["run", environment, "--", "true"]);
  }
  const is = await steadyState(project, environment);
  const [left, right] = [comparable(is, wanted), comparable(wanted, wanted)];
  if (left !== right) wrong.push(`the end state differs: ${left} instead of ${right}`);
  return { open: status.open !== null, wrong };
};

/**
 * When it was taken back, the expanded schema may have stayed: then whole, with its bookkeeping. What was there before is
 * compared to the last row.
 */
const comparable = ({ database, ...rest }: EndState, wanted: EndState): string => {
  const before = wanted.database;
  const tables = Object.keys(before.rows).filter((table) => table !== "applied");
  const stayed = database.applied.includes("0002_marks");
  return JSON.stringify({
    ...rest,
    columns: database.columns.filter(({ table_name }) => tables.includes(table_name)),
    rows: tables.map((table) => [table, database.rows[table]]),
    applied: database.applied.filter((name) => before.applied.includes(name)),
    marksFitBookkeeping: stayed === (database.rows["marks"] !== undefined),
    marksOnce: !stayed || database.rows["marks"]!.count === database.rows["notes"]!.count,
  });
};
