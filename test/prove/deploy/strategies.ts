import { tell, seconds, type Checks } from "../common/checks.ts";
import { startLoad, totalOf } from "../common/load.ts";
import { makeProofProject, type ProofProject } from "../common/project.ts";

export const STRATEGIES = {
  rolling: { strategy: "rolling" },
  "blue-green": { strategy: "blue-green", warm: "1s" },
  canary: { strategy: { type: "canary", percents: [10, 50], bake: "300ms" }, warm: "1s" },
  linear: { strategy: { type: "linear", stepPercent: 25, bake: "200ms" }, warm: "1s" },
};

const DEPLOYMENTS = 20;

/** 20 deployments in a row by every strategy, alternating two releases, under constant load: nobody notices. */
export const proveStrategies = async (checks: Checks): Promise<void> => {
  const project = await makeProofProject(STRATEGIES);
  try {
    const releases = [await project.release({ name: "one" }), await project.release({ name: "two" })];
    for (const environment of Object.keys(STRATEGIES))
      await underLoad(project, environment, releases, checks);
  } finally {
    await project.close();
  }
};

const underLoad = async (
  project: ProofProject,
  environment: string,
  releases: string[],
  checks: Checks,
): Promise<void> => {
  const startedMs = performance.now();
  const deploy = (release: string) => project.run(["deploy", environment, "--release", release, "--json"]);
  await project.serve(environment, releases[1]!);
  const url = new URL((await project.status(environment)).urls[0]!);
  const load = startLoad({ port: Number(url.port), host: url.hostname, releases: ["one", "two"] });
  const refused: string[] = [];
  for (let round = 0; round < DEPLOYMENTS; round++) {
    const { code, stdout } = await deploy(releases[round % 2]!);
    if (code !== 0) refused.push(`deployment ${round + 1} exited with ${code}: ${stdout}`);
  }
  const report = await load.stop();
  tell(`${environment}: ${DEPLOYMENTS} deployments, ${totalOf(report)} requests in ${seconds(startedMs)}`);
  const { failed, wrong, requests, acknowledged } = report;
  const name = `${environment}, ${DEPLOYMENTS} deployments, ${totalOf(report)} requests`;
  checks.check(`${name}: every one exits 0`, refused.length === 0, refused.join("\n"));
  checks.check(`${name}: 0 failed`, failed.length === 0, [failed.length, failed.slice(0, 5)]);
  checks.check(`${name}: 0 wrong bodies`, wrong.length === 0, [wrong.length, wrong.slice(0, 5)]);
  checks.check(
    `${name}: GET ${requests.get}, POST ${requests.post}, page ${requests.page}, stream ${requests.stream}`,
    Object.values(requests).every((count) => count >= 10),
  );
  const { rows } = await project.dump(environment);
  checks.check(
    `${name}: each acknowledged POST is one row (${acknowledged.length})`,
    rows["notes"]?.count === String(acknowledged.length),
    rows["notes"],
  );
};
