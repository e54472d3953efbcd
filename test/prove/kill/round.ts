import { shortReleaseId } from "../../../src/domain/release.ts";
import type { Ran } from "../common/project.ts";
import { makeRound, saidBy, type Round } from "./commands.ts";
import { damageAndMend } from "./damage.ts";
import { missingRows, readWholeLog, untilSteady } from "./invariants.ts";
import type { Lane } from "./lane.ts";
import { supervisorOf } from "./processes.ts";
import { countFailures, type Counted } from "./requests.ts";
import type { Scenario } from "./scenario.ts";
import { send, type Disturbance } from "./strike.ts";
import type { Story } from "./story.ts";

/** The log is folded whole after every round; now and then by the command that people have. */
const VERIFY_EVERY = 10;

export interface RoundReport {
  wrong: string[];
  /** Strikes that met somebody. */
  struck: Disturbance[];
  requests: Counted;
  /** The deployment was left open, and somebody finished it. */
  leftOpen: boolean;
  damaged: boolean;
}

/** One round: commands, strikes, whoever finishes, and then all that has to be so. */
export const playRound = async (lane: Lane, scenario: Scenario, story: Story): Promise<RoundReport> => {
  const { tell } = story;
  const round = makeRound(lane, story);
  tell(`${lane.environment}, ${scenario.action}`);
  const acting = act(lane, scenario, round);
  const striking = scenario.strikes.map((strike) => round.strike(strike));
  await acting;
  await Promise.all(striking);
  const leftOpen = await finishAll(lane, scenario, round);
  const report = await settleAndCheck(lane, round);
  if (scenario.round % VERIFY_EVERY === 0) await verify(lane, round);
  const damaged =
    scenario.damage !== null && round.wrong.length === 0
      ? await damageAndMend(lane, scenario.damage, { tell, wrong: round.wrong })
      : false;
  return { ...report, wrong: round.wrong, struck: round.struck, leftOpen, damaged };
};

const act = async (lane: Lane, scenario: Scenario, round: Round): Promise<void> => {
  const { good, broken, environment } = lane;
  const release = good[scenario.release]!;
  const second = good[scenario.second]!;
  const deploy = (id: string, ...more: string[]) => ["deploy", environment, "--release", id, ...more];
  const served = async (args: string[], options?: { afterMs: number }) => {
    const ran = await round.command(args, options);
    if (ran.code === 0) await checkServes(lane, round, ran);
    return ran;
  };
  switch (scenario.action) {
    case "deploy":
      await served(deploy(release.id));
      return;
    case "broken": {
      const { code, stdout } = await round.command(deploy(broken[scenario.broken]!.id));
      if (code === 0) round.wrong.push(`a broken release was deployed with exit code 0: ${stdout}`);
      return;
    }
    case "rollback":
      await served(["rollback", environment]);
      return;
    case "two at once":
      await Promise.all([
        round.command(deploy(release.id)),
        round.command(deploy(second.id, ...(scenario.secondWaits ? ["--wait"] : [])), {
          afterMs: scenario.secondAfterMs,
        }),
      ]);
      return;
    case "two in a row":
      await round.command(deploy(release.id));
      // Without finishing what may be open: it is refused then.
      await round.command(deploy(second.id));
      return;
    case "outlived":
      return outlive(lane, release.id, round);
  }
};

/** A command that stands still for longer than its lease, while somebody else goes on: it is fenced when it wakes. */
const outlive = async ({ environment }: Lane, release: string, round: Round): Promise<void> => {
  const stopped = round.command(["deploy", environment, "--release", release]);
  while (round.struck.length === 0) {
    const ended = await Promise.race([
      stopped.then(() => true),
      new Promise((settle) => setTimeout(settle, 20)),
    ]);
    // It was faster than the strike, which must not meet whoever comes next.
    if (ended === true) return;
  }
  const taken = await round.command(["resume", environment, "--wait"]);
  for (const pid of round.commands()) send(pid, "CONT");
  round.tell("SIGCONT to the command that stood still");
  const { code } = await stopped;
  if (taken.code === 0 && code === 0)
    round.wrong.push("both the fenced command and whoever took over ended with 0");
};

/** Exit code 0 says that the release which was asked for serves; asked at once, before anything else happens. */
const checkServes = async ({ project, environment }: Lane, round: Round, ran: Ran): Promise<void> => {
  const { release, outcome } = saidBy(ran);
  const status = await project.status(environment);
  if (outcome !== "succeeded" || status.release !== release || status.open !== null)
    round.wrong.push(`exit 0 (${outcome}), and ${status.release} serves; asked for ${release}`);
};

/** The next command says what was going on; somebody finishes it. Whether anything was open. */
const finishAll = async (lane: Lane, scenario: Scenario, round: Round): Promise<boolean> => {
  const { project, environment } = lane;
  for (let tries = 0; tries < 6; tries++) {
    const { open } = await project.status(environment);
    if (open === null) {
      if (supervisorOf(project.folder) === null) {
        const { code, stdout, stderr } = await project.run(["run", environment, "--json", "--", "true"]);
        round.tell(`the supervisor was started again by a command, which ended with ${code}`);
        if (code !== 0) round.wrong.push(`run -- true ended with ${code}: ${stdout}${stderr}`);
      }
      return tries > 0;
    }
    round.tell(`status: ${open.text}`);
    if (open.running || !open.text.includes(open.deployment)) round.wrong.push(`status says "${open.text}"`);
    const how = tries === 0 ? scenario.finish : "resume";
    const striking =
      tries === 0 && scenario.finishStrike !== null ? round.strike(scenario.finishStrike) : null;
    const ran = await round.command([how, environment]);
    await striking;
    const { error, outcome } = saidBy(ran);
    if (how === "abort" && ran.code === 0 && outcome !== "compensated")
      round.wrong.push(`abort ended with 0 and ${outcome}`);
    if (how === "resume" && ran.code === 0) await checkServes(lane, round, ran);
    if (ran.code === 3 && !mayRefuse(round, error?.code))
      round.wrong.push(`${how} ended with 3: ${error?.code} ${error?.message}`);
  }
  round.wrong.push("still open after six tries to finish it");
  return true;
};

/** After the commit nothing is aborted; before the first step a supervisor that was just killed is a precondition. */
const mayRefuse = ({ struck }: Round, code: string | undefined): boolean =>
  code === "DEPLOYMENT_COMMITTED" ||
  (struck.some(({ victim }) => victim === "supervisor") &&
    (code === "SUPERVISOR_DOWN" || code === "SUPERVISOR_START_FAILED"));

const verify = async ({ project, environment }: Lane, { tell, wrong }: Round): Promise<void> => {
  const { code, stdout, stderr } = await project.run(["history", environment, "--verify"]);
  tell(`history --verify ended with ${code}`);
  if (code !== 0) wrong.push(`history --verify ended with ${code}: ${stdout}${stderr}`);
};

const settleAndCheck = async (
  lane: Lane,
  { wrong, struck, tell, at }: Round,
): Promise<{ requests: Counted }> => {
  const log = await readWholeLog(lane);
  wrong.push(...log.wrong);
  wrong.push(...(await untilSteady(lane, log.state)));
  const steadyMs = performance.now();
  tell(`steady: ${log.state.serving?.deployment} serves ${shortReleaseId(log.state.serving!.release)}`);
  const { failures, wrong: bodies, acknowledged } = lane.traffic.take();
  wrong.push(...bodies.map((one) => `a wrong body: ${one}`));
  wrong.push(...(await missingRows(lane, acknowledged)));
  const requests = countFailures(failures, struck, steadyMs);
  const { inexcusable } = requests;
  for (const { what, startedMs, endedMs, text } of inexcusable.slice(0, 3))
    wrong.push(
      `one of ${inexcusable.length} requests failed without excuse: ${what} from ${at(startedMs)} to ${at(endedMs)}: ${text.trim()}`,
    );
  return { requests };
};
