import { seconds, tell, type Checks } from "../common/checks.ts";
import { makeProofProject, type ProofProject, type Ran } from "../common/project.ts";

const ROUNDS = 200;
const WAITING_ROUNDS = 20;
const ENVIRONMENT = "rolling";

/** Two deployments at the same moment: one proceeds, the other says who holds the environment; with --wait it queues. */
export const proveRaces = async (checks: Checks): Promise<void> => {
  const project = await makeProofProject({ [ENVIRONMENT]: { strategy: "rolling" } });
  try {
    // Slow to boot, so that the second command starts while the first one deploys.
    const releases = [
      await project.release({ name: "one", bootMs: 400 }),
      await project.release({ name: "two", bootMs: 400 }),
    ];
    await project.serve(ENVIRONMENT, releases[1]!);
    await raceThem(project, releases, checks);
    await queueThem(project, releases, checks);
    const verified = await project.run(["history", ENVIRONMENT, "--verify"]);
    checks.check(
      "the log's chain holds after all of it",
      verified.code === 0,
      verified.stdout + verified.stderr,
    );
  } finally {
    await project.close();
  }
};

const deploy = (project: ProofProject, release: string, ...options: string[]): Promise<Ran> =>
  project.run(["deploy", ENVIRONMENT, "--release", release, "--json", ...options]);

interface Refusal {
  error?: { code: string; message: string; context?: { holder?: string; pid?: number } };
}

const raceThem = async (project: ProofProject, releases: string[], checks: Checks): Promise<void> => {
  const startedMs = performance.now();
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const release = releases[round % 2]!;
    const both = await Promise.all([deploy(project, release), deploy(project, release)]);
    const winner = both.filter(({ code }) => code === 0);
    const loser = both.find(({ code }) => code === 3);
    const { error } = JSON.parse(loser?.stdout ?? "{}") as Refusal;
    const named =
      error?.context?.holder !== undefined && error.message.includes(`process ${error.context.pid}`);
    const { release: serves, open } = await project.status(ENVIRONMENT);
    if (
      winner.length !== 1 ||
      error?.code !== "ENVIRONMENT_BUSY" ||
      !named ||
      serves !== release ||
      open !== null
    )
      wrong.push(`round ${round}: ${both.map(({ code }) => code).join(" and ")}, ${JSON.stringify(error)}`);
    if ((round + 1) % 50 === 0) tell(`${round + 1} of ${ROUNDS} races, ${seconds(startedMs)}`);
  }
  checks.check(
    `${ROUNDS} races: one exits 0 and serves, the other exits 3 and names who holds it`,
    wrong.length === 0,
    wrong.slice(0, 5),
  );
};

const queueThem = async (project: ProofProject, releases: string[], checks: Checks): Promise<void> => {
  const wrong: string[] = [];
  for (let round = 0; round < WAITING_ROUNDS; round++) {
    const before = (await project.status(ENVIRONMENT)).deployment;
    const both = await Promise.all(releases.map((release) => deploy(project, release, "--wait")));
    const { deployment } = await project.status(ENVIRONMENT);
    const number = (id: string | null) => Number(id?.replace("d-", ""));
    if (both.some(({ code }) => code !== 0) || number(deployment) !== number(before) + 2)
      wrong.push(
        `round ${round}: ${both.map(({ code, stderr }) => `${code} ${stderr.slice(-200)}`).join(" and ")}`,
      );
  }
  checks.check(
    `${WAITING_ROUNDS} pairs with --wait: both proceed, one after the other`,
    wrong.length === 0,
    wrong.slice(0, 5),
  );
};
