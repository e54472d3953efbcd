import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { makeLocalPlatform } from "../../../src/adapters/local/platform.ts";
import { emptyState, foldEntry } from "../../../src/domain/fold.ts";
import type { EnvironmentState } from "../../../src/domain/environment-state.ts";
import { catchUp, readEntry, readHead } from "../../../src/engine/read-log.ts";
import { targetServices } from "../../../src/planner/revisions.ts";
import { readRelease } from "../../../src/app/releases.ts";
import { getText, processesOf } from "../common/end-state.ts";
import { pageOf } from "../common/project.ts";
import type { Lane } from "./lane.ts";
import { databaseUrlOf } from "./processes.ts";

const STEADY_WITHIN_MS = 20_000;
const INSTANCES = 2;

/** What the log says: the whole of it folded from its first entry, each deployment with exactly one outcome. */
export const readWholeLog = async ({
  store,
  environment,
}: Lane): Promise<{ state: EnvironmentState; outcomes: Map<string, string>; wrong: string[] }> => {
  const wrong: string[] = [];
  const outcomes = new Map<string, string>();
  let state = emptyState(environment);
  for (;;) {
    const read = await readEntry(store, environment, state.sequence + 1);
    if (read === null) break;
    // Throws where the chain breaks.
    state = foldEntry(state, read.entry, read.hash);
    for (const event of read.entry.events) {
      if (event.type !== "deployment-ended") continue;
      if (outcomes.has(event.deployment)) wrong.push(`${event.deployment} ended twice`);
      outcomes.set(event.deployment, event.receipt.outcome);
    }
  }
  const open = state.open === null ? 0 : 1;
  if (outcomes.size + open !== state.deployments)
    wrong.push(`${state.deployments} deployments were planned, ${outcomes.size} ended, ${open} is open`);
  const { state: head } = await readHead(store, environment);
  if (head !== null && (await catchUp(store, head)).hash !== state.hash)
    wrong.push("the head is not a fold of the log");
  return { state, outcomes, wrong };
};

/**
 * Waits until what the log says serves, serves: its revision alone with all the weight and every instance healthy, its
 * site, no process that belongs to nobody. The result has what is still not so in the end.
 */
export const untilSteady = async (lane: Lane, state: EnvironmentState): Promise<string[]> => {
  for (const deadlineMs = performance.now() + STEADY_WITHIN_MS; ; await wait(25)) {
    const wrong = await differences(lane, state).catch((error: Error) => [error.message]);
    if (wrong.length === 0 || performance.now() > deadlineMs) return wrong;
  }
};

const differences = async (lane: Lane, { serving }: EnvironmentState): Promise<string[]> => {
  const { project, environment, store } = lane;
  const socketPath = project.supervisorSocket();
  const release = await readRelease(store, serving!.release);
  const named = lane.good.find(({ id }) => id === serving!.release);
  if (release === null || named === undefined)
    return [`${serving!.release} serves, and is none of the good ones`];
  const platform = makeLocalPlatform({ environment, socketPath, secrets: null as never });
  const observed = await platform.observe({ signal: AbortSignal.timeout(5_000) });
  const { revision } = targetServices(release, serving!.binding)["api"]!;
  const { revisions = {}, weights = {} } = observed.services["api"] ?? {};
  const wrong: string[] = [];
  const routed = Object.entries(weights).filter(([, weight]) => weight > 0);
  if (routed.length !== 1 || routed[0]![0] !== revision || routed[0]![1] !== 100)
    wrong.push(`the weights are ${JSON.stringify(weights)}, and ${revision} serves`);
  const wanted = Object.entries(revisions).filter(([, one]) => one.wanted > 0);
  if (wanted.length !== 1 || wanted[0]![1].wanted !== INSTANCES || wanted[0]![1].healthy !== INSTANCES)
    wrong.push(`instances: ${wanted.map(([id, one]) => `${id} ${one.healthy}/${one.wanted}`).join(", ")}`);
  if (observed.sites["web"]?.release !== serving!.release)
    wrong.push(`the site is of ${observed.sites["web"]?.release}, and ${serving!.release} serves`);
  const processes = await processesOf(project, socketPath);
  if (processes.services !== INSTANCES) wrong.push(`${processes.services} service processes run`);
  if (processes.orphans.length > 0) wrong.push(`orphans: ${processes.orphans.join("; ")}`);
  if (wrong.length > 0) return wrong;
  const where = { port: lane.port(), host: lane.host };
  const hello = await getText({ ...where, path: "/api/hello" });
  if (!hello.includes(`"release":"${named.name}"`)) wrong.push(`the API answers ${hello}`);
  const page = await getText({ ...where, path: "/rides/17" });
  if (page !== `200 ${pageOf(named.name)}`) wrong.push(`the page is ${page}`);
  return wrong;
};

/** Each acknowledged POST is one row, and none that was there before is gone. */
export const missingRows = async (lane: Lane, acknowledged: string[]): Promise<string[]> => {
  const connectionString = databaseUrlOf(lane.project.folder);
  if (connectionString === null) return ["no service runs that knows the database"];
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    const asked = await client.query<{ fresh: number; total: number }>(
      "select (select count(*)::int from notes where id = any($1)) as fresh, (select count(*)::int from notes) as total",
      [acknowledged],
    );
    const { fresh, total } = asked.rows[0]!;
    lane.acknowledged += acknowledged.length;
    return [
      ...(fresh === acknowledged.length
        ? []
        : [`of ${acknowledged.length} acknowledged rows ${fresh} are there`]),
      ...(total >= lane.acknowledged
        ? []
        : [`of ${lane.acknowledged} rows of all rounds ${total} are there`]),
    ];
  } finally {
    await client.end();
  }
};
