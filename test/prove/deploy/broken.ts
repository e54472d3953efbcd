import { createServer, type Server } from "node:net";
import { once } from "node:events";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { tell, type Checks } from "../common/checks.ts";
import { endStateOf, type EndState } from "../common/end-state.ts";
import { startLoad, totalOf, type LoadReport } from "../common/load.ts";
import {
  FAILS_FOR_REAL,
  makeProofProject,
  type ProofProject,
  type ReleaseSources,
} from "../common/project.ts";

const BAKE = { bake: "7s", gates: { maxErrorRate: "5%", minRequests: 50 } };
const ENVIRONMENTS = {
  rolling: { ...BAKE, strategy: "rolling" },
  "blue-green": { ...BAKE, strategy: "blue-green", warm: "1s" },
};

/** One way to break a release: how it is made, and what a person must be told. */
interface Broken {
  what: string;
  sources: Omit<ReleaseSources, "name">;
  code: string;
  /** Stands in the failure as it is shown: the cause, or the last log lines. */
  shows: string;
  /**
   * How users may meet the candidate before it is caught. "answers": its own 5xx. "dies": what was under way in a process
   * at the instant of its death and cannot be sent twice, a POST or the rest of a stream. Without it: in no way.
   */
  users?: "answers" | "dies";
  /** What stays, as the receipt says it. */
  stays?: string;
}

const brokenReleases = (takenPort: number): Broken[] => [
  {
    what: "does not start",
    sources: { fault: "exits at start" },
    code: "INSTANCE_UNHEALTHY",
    shows: "the map service is misconfigured",
  },
  {
    what: "exits after 5 s",
    sources: { fault: "exits later" },
    code: "GATE_FAILED",
    shows: "lost the queue after 5 s",
    users: "dies",
  },
  {
    what: "never gets healthy",
    sources: { fault: "never healthy" },
    code: "INSTANCE_UNHEALTHY",
    shows: "waiting for the price table",
  },
  {
    what: "is healthy but answers 5xx to 20 % of requests",
    sources: { fault: "fails a fifth" },
    code: "GATE_FAILED",
    shows: "no fare table",
    users: "answers",
  },
  {
    what: "runs out of memory",
    sources: { fault: "eats memory" },
    code: "OUT_OF_MEMORY",
    shows: "out of memory",
    users: "dies",
  },
  {
    what: "has a migration that fails half-way",
    sources: {
      migrations: {
        "0002_marks": "create table marks (id text primary key)",
        "0003_more": FAILS_FOR_REAL,
      },
    },
    code: "MIGRATION_FAILED",
    shows: 'relation "nowhere" does not exist',
    stays: "0002_marks",
  },
  {
    what: "lacks index.html",
    sources: { withoutIndex: true },
    code: "SITE_INCOMPLETE",
    shows: "index.html",
  },
  {
    what: "takes a port that is taken",
    sources: { fault: "takes a taken port", takenPort },
    code: "INSTANCE_UNHEALTHY",
    shows: "EADDRINUSE",
  },
];

/** Every broken release is compensated by itself: exit 1, cause and log lines shown, receipt right, nobody disturbed. */
export const proveBroken = async (checks: Checks): Promise<void> => {
  const taken: Server = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const takenPort = typeof address === "object" && address !== null ? address.port : 0;
  try {
    for (const environment of Object.keys(ENVIRONMENTS)) {
      const project = await makeProofProject(ENVIRONMENTS);
      try {
        const stable = await project.release({ name: "stable" });
        for (const broken of brokenReleases(takenPort)) {
          await project.serve(environment, stable);
          await takenBack(project, { environment, stable, broken, checks });
        }
        await secretMissing(project, { environment, stable, checks });
      } finally {
        await project.close();
      }
    }
  } finally {
    taken.close();
  }
};

interface Case {
  environment: string;
  stable: string;
  checks: Checks;
}

const takenBack = async (
  project: ProofProject,
  { environment, broken, ...rest }: Case & { broken: Broken },
) => {
  const sources = { ...broken.sources, name: broken.what.replace(/[^a-z0-9]+/g, "-") };
  const name = `${environment}, a release that ${broken.what}`;
  tell(name);
  await breakIt(project, {
    ...rest,
    environment,
    broken,
    name,
    write: () => project.writeSources(sources),
    candidate: sources.name,
  });
  if (broken.stays !== undefined)
    await project.run(["run", environment, "--", "node migrate.mjs down 0001_notes"]);
};

/** The configuration names a secret that nobody has set. */
const secretMissing = async (project: ProofProject, { environment, stable, checks }: Case) => {
  const restore = project.configure({ secrets: ["PAYMENT_KEY"] });
  const broken: Broken = {
    what: "needs a secret that is missing",
    sources: {},
    code: "SECRET_MISSING",
    shows: "PAYMENT_KEY",
  };
  const name = `${environment}, a release that ${broken.what}`;
  tell(name);
  const write = () => project.writeSources({ name: "secretive" });
  await breakIt(project, { environment, stable, checks, broken, name, write, candidate: "secretive" });
  restore();
};

const breakIt = async (
  project: ProofProject,
  {
    environment,
    stable,
    broken,
    checks,
    name,
    write,
    candidate,
  }: Case & { broken: Broken; name: string; write: () => void; candidate: string },
): Promise<void> => {
  const before = await endStateOf(project, environment);
  const url = new URL((await project.status(environment)).urls[0]!);
  const load = startLoad({ port: Number(url.port), host: url.hostname, releases: ["stable", candidate] });
  write();
  const { code, stdout, stderr } = await project.run(["deploy", environment, "--json"]);
  const report = await load.stop();
  const receipt = JSON.parse(stdout) as Receipt;
  const after = await endStateOf(project, environment);
  const told = JSON.stringify(receipt.failure);
  checks.check(`${name}: exit 1, ${broken.code}`, code === 1 && receipt.failure?.error.code === broken.code, [
    code,
    receipt.failure ?? stdout,
    stderr.slice(-500),
  ]);
  checks.check(`${name}: the cause is shown`, told.includes(JSON.stringify(broken.shows).slice(1, -1)), told);
  checks.check(
    `${name}: the receipt says what serves and what stayed`,
    receipt.outcome === "compensated" &&
      receipt.serving === stable &&
      receipt.changed.length === 0 &&
      (broken.stays === undefined || JSON.stringify(receipt.notReverted).includes(broken.stays)),
    receipt,
  );
  const [is, was] = [comparable(after, broken), comparable(before, broken)];
  checks.check(`${name}: the stable release is as before`, is === was, { was, is });
  checks.check(
    `${name}: ${usersText(broken)}, ${report.failed.length} of ${totalOf(report)} requests`,
    nobodyHurt(report, broken, candidate),
    [report.failed.slice(0, 5), report.wrong.slice(0, 5)],
  );
};

const usersText = ({ users }: Broken): string =>
  users === undefined
    ? "no request fails"
    : users === "answers"
      ? "only answers of the candidate fail"
      : "only what was under way in the process that died fails";

/** Rows that the load wrote are new; a schema that stays is named in the receipt. */
const comparable = (state: EndState, broken: Broken): string => {
  const { database, ...rest } = state;
  const tables = Object.keys(database.rows).filter(
    (table) => broken.stays === undefined || !broken.stays.endsWith(table),
  );
  const applied = database.applied.filter((one) => one !== broken.stays);
  return JSON.stringify({ ...rest, tables, applied });
};

const MAY_FAIL: Record<NonNullable<Broken["users"]>, (failed: string, candidate: string) => boolean> = {
  answers: (failed, candidate) => failed.includes(`"release":"${candidate}"`),
  dies: (failed) => /^POST: 502 .*UPSTREAM_FAILED|^stream: aborted/.test(failed),
};

const nobodyHurt = ({ failed, wrong, requests }: LoadReport, { users }: Broken, candidate: string): boolean =>
  wrong.length === 0 &&
  requests.get > 0 &&
  failed.every((one) => users !== undefined && MAY_FAIL[users](one, candidate));
