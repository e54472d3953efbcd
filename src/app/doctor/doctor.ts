import { toAppError } from "../../domain/errors.ts";
import { afterRepair, wrong, type Finding } from "../../domain/finding.ts";
import { readState } from "../../engine/read-log.ts";
import type { Inspector } from "../../ports/inspector.ts";
import { environmentOf, type AppContext } from "../context.ts";
import { readRecord } from "../releases.ts";
import { judgeCaches } from "./judge-caches.ts";
import { judgeLease } from "./judge-lease.ts";
import { hintOf, judgeLog, knownState } from "./judge-log.ts";
import { judgeLocal, type Recorded } from "./judge-local.ts";
import { judgeStore, judgeTemporaries } from "./judge-store.ts";
import { judgeReleases } from "./judge-releases.ts";
import { isWhole, lookAtLog, type LogFacts } from "./look-at-log.ts";
import { lookAtReleases } from "./look-at-releases.ts";
import { repairAll } from "./repair.ts";

export interface DoctorRequest {
  /** Null: all. */
  environment: string | null;
  repair: boolean;
  signal: AbortSignal;
  onWaiting: (text: string) => void;
}

/**
 * Looks at everything that Switchback keeps, says what is wrong with it and what to do. With `repair` it mends what is
 * proved right by the log, by a hash or by the engine's own rule, looks again, and never guesses: a damaged log entry is
 * named and left as it is. Without it nothing is changed.
 */
export const examine = async (
  context: AppContext,
  inspector: Inspector,
  { environment, repair, signal, onWaiting }: DoctorRequest,
): Promise<Finding[]> => {
  if (environment !== null) environmentOf(context, environment);
  const first = await lookAtAll(context, inspector, environment);
  if (!repair || first.every((finding) => finding.repair === null)) return first;
  const done = await repairAll({ context, inspector, signal, onWaiting }, first);
  return afterRepair(done, await lookAtAll(context, inspector, environment));
};

const lookAtAll = async (
  context: AppContext,
  inspector: Inspector,
  environment: string | null,
): Promise<Finding[]> => {
  const access = judgeStore(await inspector.storeAccess());
  const findings = [access];
  /** What cannot be looked at is a finding too; the rest is looked at all the same. */
  const look = async (check: string, act: () => Promise<Finding[]>): Promise<void> => {
    try {
      findings.push(...(await act()));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === "BUG") throw error;
      const what = `cannot be looked at: ${error.message}`;
      findings.push(
        wrong({
          check,
          subject: null,
          what,
          means: "whether it is whole is not known",
          ...hintOf(error.toJSON()),
        }),
      );
    }
  };
  const { store, liveness, artefacts } = context;
  const logs: LogFacts[] = [];
  for (const name of environment === null ? Object.keys(context.app.environments) : [environment])
    await look("log", async () => {
      const facts = await lookAtLog({ store, liveness, earlierVersions: inspector.earlierVersions }, name);
      logs.push(facts);
      return [...judgeLog(facts), ...judgeCaches(facts), ...judgeLease(facts)];
    });
  await look("releases", async () =>
    judgeReleases(
      await lookAtReleases({ store, artefacts, inspector, shared: isShared(context) }),
      logs.map(knownState),
    ),
  );
  await look("temporary files", async () => judgeTemporaries(await inspector.temporaries()));
  await look("supervisor", async () => {
    const local = await inspector.local();
    const wanted = new Set(logs.map(({ environment: name }) => name));
    const states = local.states.filter((one) => wanted.has(one.environment));
    return judgeLocal({ ...local, states }, await recordedOf(context, logs));
  });
  return findings;
};

const isShared = ({ app }: Pick<AppContext, "app">): boolean => app.store.type !== "files";

/** Read after the supervisor's state: where somebody wrote to a log meanwhile, the two are of different moments. */
const recordedOf = async ({ store, app }: AppContext, logs: LogFacts[]): Promise<Recorded[]> => {
  const recorded: Recorded[] = [];
  for (const { environment, state } of logs.filter(isWhole)) {
    if ((await readState(store, environment)).sequence !== state.sequence) continue;
    const record = state.serving === null ? null : await readRecord(store, state.serving.release);
    // With a shared store another machine may be the one that serves it.
    const local = app.environments[environment]?.platform === "local" && !isShared({ app });
    recorded.push({ state, local, release: record?.type === "whole" ? record.release : null });
  }
  return recorded;
};
