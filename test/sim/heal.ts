import { deployRelease } from "../../src/app/deploy.ts";
import { approve, unlock } from "../../src/app/lock.ts";
import { finishDeployment } from "../../src/app/resume.ts";
import { rollback } from "../../src/app/rollback.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { readState } from "../../src/engine/read-log.ts";
import type { Deployer } from "./deployer.ts";
import type { Checker } from "./checker.ts";
import { Violation } from "./violation.ts";
import { releaseOf, type ReleaseName } from "./releases.ts";
import type { Scheduler } from "./scheduler.ts";

const ONE_HOUR_MS = 3_600_000;

interface Healing {
  healer: Deployer;
  environment: string;
  scheduler: Scheduler;
  checker: Checker;
  tell: (text: string) => void;
  step: () => void;
}

/** Afterwards, in calm weather: one resume finishes what is open, a release can be deployed, and taken back again. */
export const heal = async (rig: Healing): Promise<void> => {
  const { scheduler, checker, step } = rig;
  let end: unknown = null;
  void work(rig).then(
    () => (end = "done"),
    (error: unknown) => (end = error),
  );
  await scheduler.run({ untilMs: scheduler.nowMs() + ONE_HOUR_MS, afterEach: step });
  if (end !== "done") throw end === null ? new Violation("nobody waits for ever", "the last resume") : end;
  const { open } = checker.state();
  if (open !== null)
    throw new Violation("every started deployment ends once somebody resumes it", `${open.id} is still open`);
};

const work = async ({ healer, environment, checker, tell }: Healing): Promise<void> => {
  const { context, actor } = healer;
  const request = {
    environment,
    wait: true,
    reason: null,
    report: () => undefined,
    signal: new AbortController().signal,
  };
  const told = async (what: string, running: Promise<Receipt>): Promise<Receipt> => {
    tell(`${actor} starts: ${what}`);
    const receipt = await running;
    tell(`${actor} ends: ${receipt.deployment} ${receipt.outcome}`);
    return receipt;
  };
  if ((await readState(context.store, environment)).open !== null)
    await told("resume", finishDeployment(context, { ...request, how: "resume" }));
  await unlock(context, environment);
  const before = checker.state().serving;
  const other: ReleaseName = before?.release === releaseOf("b").id ? "a" : "b";
  const release = releaseOf(other);
  await approve(context, environment, release.id);
  const deployed = await told(
    `deploy ${other}`,
    deployRelease(context, { ...request, action: "deploy", release, binding: null }),
  );
  if (deployed.outcome !== "succeeded")
    throw new Violation("a calm deployment succeeds", JSON.stringify(deployed.failure));
  if (before === null) return;
  const back = await told("rollback", rollback(context, { ...request, to: null }));
  if (back.outcome !== "succeeded" || checker.state().serving?.release !== before.release)
    throw new Violation("a rollback goes back to what served", JSON.stringify(back.failure));
};
