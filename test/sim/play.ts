import { deployRelease, type DeployRequest } from "../../src/app/deploy.ts";
import { approve, lock, unlock } from "../../src/app/lock.ts";
import { releaseToPromote } from "../../src/app/promote.ts";
import { finishDeployment } from "../../src/app/resume.ts";
import { rollback } from "../../src/app/rollback.ts";
import type { ErrorCode } from "../../src/domain/error-codes.ts";
import { isAppError, type AppError } from "../../src/domain/errors.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import type { Report } from "../../src/ports/reporter.ts";
import type { Deployer } from "./deployer.ts";
import type { Checker } from "./checker.ts";
import { Violation } from "./violation.ts";
import { releaseOf } from "./releases.ts";
import type { Command } from "./scenario.ts";
import type { Scheduler } from "./scheduler.ts";

/** Errors that say that the world is broken, or the program; neither is so here. */
const NEVER = ["BUG", "LOG_BROKEN", "STORE_CORRUPT", "COMPENSATION_FAILED", "ARTEFACT_MISSING"];
/** Need no lease. */
const ASIDE: Command["verb"][] = ["lock", "unlock", "approve"];
const MOST_TRIES = 5;

export interface Played {
  command: Command;
  deployer: Deployer;
  environment: string;
  scheduler: Scheduler;
  checker: Checker;
  tell: (text: string) => void;
  /** How often it began something with the environment: what failed may have left the lease in its own name. */
  attempts: number;
}

/** What a person's command comes to; every end but a defined one is a violation. */
export const play = async (played: Played): Promise<void> => {
  const { command, deployer, scheduler, tell } = played;
  const controller = new AbortController();
  if (command.interruptMs !== null)
    scheduler.after(command.interruptMs, () => {
      if (deployer.alive()) controller.abort(command.interrupt);
    });
  for (let tries = 1; ; tries++) {
    const refused = await attempt(played, command.verb, controller.signal);
    const again = command.persistent && tries < MOST_TRIES && !controller.signal.aborted;
    if (refused === null || !again || !(await clearTheWay(played, refused, controller.signal))) return;
    tell(`${deployer.actor} tries again: ${command.verb}`);
  }
};

/** Null when it came to its end; otherwise the error that it was refused with. */
const attempt = async (
  played: Played,
  verb: Command["verb"],
  signal: AbortSignal,
): Promise<AppError | null> => {
  const { deployer, checker, tell } = played;
  played.attempts += 1;
  try {
    const receipt = await run(played, verb, signal);
    tell(`${deployer.actor} ends: ${receipt === null ? "done" : `${receipt.deployment} ${receipt.outcome}`}`);
    if (receipt !== null) mustBeTrue(checker, receipt);
    if (receipt?.outcome === "fenced") checker.fenced(deployer.actor);
    return null;
  } catch (error) {
    if (error instanceof Violation) throw error;
    if (error === "detach" || error === "abort") {
      tell(`${deployer.actor} ends: interrupted before it began`);
      return null;
    }
    if (!isAppError(error) || NEVER.includes(error.code)) throw error;
    if (error.code === "FENCED" && ASIDE.includes(verb))
      throw new Violation("only a takeover fences", `${deployer.actor} needs no lease to ${verb}`);
    if (error.code === "FENCED") checker.fenced(deployer.actor);
    if (error.code === "ENVIRONMENT_BUSY") mustBeAnother(played, String(error.context.holder));
    tell(`${deployer.actor} ends: ${error.code}`);
    return error;
  }
};

/** What a script does about a refusal; false: nothing. */
const clearTheWay = async (played: Played, { code }: AppError, signal: AbortSignal): Promise<boolean> => {
  const { command } = played;
  const doFirst = (verb: Command["verb"]) => () => attempt(played, verb, signal);
  const wait = () => played.deployer.context.clock.sleep(2_000);
  const ways: Partial<Record<ErrorCode, () => Promise<unknown>>> = {
    DEPLOYMENT_OPEN: doFirst(command.finishes),
    OUTCOME_UNKNOWN: doFirst(command.finishes),
    DEPLOYMENT_COMMITTED: doFirst("resume"),
    ENVIRONMENT_LOCKED: doFirst("unlock"),
    APPROVAL_MISSING: doFirst("approve"),
    ENVIRONMENT_BUSY: wait,
    STORE_UNWRITABLE: wait,
    SUPERVISOR_DOWN: wait,
  };
  const way = ways[code];
  await way?.();
  return way !== undefined;
};

/** What a person is told is what the log says. */
const mustBeTrue = (checker: Checker, { deployment, release, outcome }: Receipt): void => {
  if (outcome !== "succeeded" && outcome !== "compensated") return;
  const ended = checker.state().recent.find(({ id }) => id === deployment);
  if (ended?.outcome !== outcome || ended.release !== release)
    throw new Violation(
      outcome === "succeeded" ? "exit 0 implies serving" : "what is told is what the log says",
      `${deployment} is ${ended?.outcome ?? "not ended"} in the log, and told as ${outcome}`,
    );
};

/** Whom a process that has done nothing yet waits for is not itself. */
const mustBeAnother = ({ deployer, attempts }: Played, told: string): void => {
  if (attempts === 1 && told.includes(deployer.actor))
    throw new Violation("nobody waits for himself", `${deployer.actor} was told: ${told}`);
};

const run = async (played: Played, verb: Command["verb"], signal: AbortSignal): Promise<Receipt | null> => {
  const { command, deployer, environment } = played;
  const { context } = deployer;
  const { wait, automated } = command;
  const report: Report = (event) => {
    if (event.type === "waiting") mustBeAnother(played, event.text);
  };
  const request = { environment, wait, signal, reason: null, report };
  const deploy = (asked: Pick<DeployRequest, "action" | "release">) =>
    deployRelease(context, { ...request, ...asked, automated, binding: null });
  switch (verb) {
    case "deploy":
      return deploy({ action: "deploy", release: releaseOf(command.release) });
    case "promote":
      return deploy({ action: "promote", release: await releaseToPromote(context, environment) });
    case "rollback":
      return rollback(context, { ...request, to: null });
    case "resume":
    case "abort":
      return finishDeployment(context, { ...request, how: verb });
    case "lock":
      await lock(context, { environment, why: "simulated", until: null });
      return null;
    case "unlock":
      await unlock(context, environment);
      return null;
    case "approve":
      await approve(context, environment, releaseOf(command.release).id);
      return null;
  }
};
