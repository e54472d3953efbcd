// npm run prove:infra: Terraform and the real AWS provider against the AWS rig: bootstrap, apply, an empty plan that keeps every
// policy, a change as a deployment makes it, an empty plan again, drift, a rename that would cost the database, destroy. Tasks of
// ECS run as processes, and a real PostgreSQL stands for each database. `existing` as an argument: only the environment that uses
// what is there already.
import type { Contract } from "../../../src/domain/contract.ts";
import type { PolicyFinding, PolicyReport } from "../../../src/domain/policy-finding.ts";
import { makeEcsModel } from "../../rig/ecs/index.ts";
import { startRig } from "../../rig/rig.ts";
import { makeChecks, seconds, tell } from "../common/checks.ts";
import { makeDatabases } from "./databases.ts";
import { differences, environmentText, makeExistingThings } from "./existing.ts";
import { inventory } from "./leftovers.ts";
import { makeInfraProject, type Ran } from "./project.ts";
import { changeAsADeployment, deployedState } from "./release-change.ts";
import { judgeRoles } from "./roles.ts";

const ENVIRONMENTS = ["staging", "production"];
const NO_CHANGES = 0;

const checks = makeChecks();
const databases = makeDatabases();
const rig = await startRig({ models: [makeEcsModel({ network: databases.network })] });
const project = makeInfraProject(rig.env);
const { switchback, terraform, aws } = project;

const said = ({ code, stdout, stderr }: Ran): string => `exit ${code}\n${stdout}${stderr}`;
const json = <T>({ stdout }: Ran): T => JSON.parse(stdout || "{}") as T;

/** Runs a part and tells how long it took; what it throws is a check that failed. */
const part = async (name: string, work: () => Promise<void>): Promise<void> => {
  const startedMs = performance.now();
  try {
    await work();
  } catch (error) {
    checks.check(`${name}: ran to its end`, false, (error as Error).message);
  }
  tell(`${name}  ${seconds(startedMs)}`);
};

const isEmptyPlan = async (environment: string, when: string): Promise<void> => {
  const ran = await terraform(environment, ["plan", "-detailed-exitcode", "-no-color", "-lock=false"]);
  checks.check(
    `${environment}: ${when}, terraform plan is empty`,
    ran.code === NO_CHANGES,
    said(ran).slice(-3000),
  );
};

const bootstrap = async (): Promise<void> => {
  const asked = await switchback(["infra", "bootstrap", "staging"]);
  checks.check("bootstrap asks before it makes anything", asked.code === 3, said(asked));
  project.prepareForRig("bootstrap");
  const made = await switchback(["infra", "bootstrap", "staging", "--yes"]);
  checks.check("bootstrap makes the bucket, the repositories and the roles", made.code === 0, said(made));
  const again = await switchback(["infra", "bootstrap", "production", "--yes", "--json"]);
  checks.check(
    "a second bootstrap has nothing to do",
    json<{ outcome?: string }>(again).outcome === "nothing",
    said(again),
  );
  await isEmptyPlan("bootstrap", "after it was made");
};

interface Planned {
  summary?: { counts: { create: number } };
  policies?: PolicyReport;
}

/** Before anything is there a plan can't know each text; once it is, every policy is answered, and by yes. */
const keepsPolicies = (name: string, { policies }: Planned, { unknown }: { unknown: string[] }): void => {
  const told = (state: PolicyFinding["state"]) =>
    (policies?.findings ?? []).filter((finding) => finding.state === state);
  const text = ({ rule, address, is }: PolicyFinding) => `${rule} ${address}: ${is}`;
  checks.check(
    `${name} breaks none of ${policies?.rules} policies for ${policies?.resources} resources, ${told("unknown").length} not known`,
    policies !== undefined &&
      told("broken").length === 0 &&
      told("unknown").every(({ rule }) => unknown.includes(rule)),
    [...told("broken"), ...told("unknown")].map(text),
  );
};

const apply = async (environment: string): Promise<void> => {
  await switchback(["infra", "plan", environment]);
  project.prepareForRig(environment);
  const planned = await switchback(["infra", "plan", environment, "--json"]);
  const { summary, ...first } = json<Planned>(planned);
  checks.check(
    `${environment}: planned, ${summary?.counts.create} resources to make`,
    planned.code === 0,
    said(planned),
  );
  // The task of the database's roles holds the address of a database that is not there yet.
  keepsPolicies(`${environment}: a first plan`, first, { unknown: ["task-writes-logs"] });
  const applied = await switchback(["infra", "apply", environment, "--yes"]);
  checks.check(`${environment}: applied`, applied.code === 0, said(applied).slice(-4000));
  await isEmptyPlan(environment, "after the apply");
  const again = json<Planned>(await switchback(["infra", "plan", environment, "--json"]));
  keepsPolicies(`${environment}: a plan after the apply`, again, { unknown: [] });
};

const tasksRun = () => rig.log.calls({ service: "ecs", action: "RunTask" }).length;

const roles = async (environment: string): Promise<void> => {
  const contract = await contractOf(environment);
  const wrong = await judgeRoles(project, databases, contract);
  checks.check(
    `${environment}: the apply made the database's two roles, with their rights`,
    wrong.length === 0,
    wrong,
  );
  const before = tasksRun();
  const again = await switchback(["infra", "apply", environment, "--yes", "--json"]);
  const { roles: told } = json<{ roles?: { outcome: string } }>(again);
  checks.check(
    `${environment}: another apply runs no task, and changes no role`,
    told?.outcome === "current" &&
      tasksRun() === before &&
      (await judgeRoles(project, databases, contract)).length === 0,
    said(again),
  );
};

const contractOf = async (environment: string): Promise<Contract> => {
  const told = await switchback(["infra", "outputs", environment, "--json"]);
  const name = `/switchback/rideshare/${environment}/contract`;
  const { Parameter } = (await aws(["ssm", "get-parameter", "--name", name])) as {
    Parameter: { Value: string };
  };
  const contract = json<Contract>(told);
  const same = JSON.stringify(sorted(JSON.parse(Parameter.Value))) === JSON.stringify(sorted(contract));
  checks.check(
    `${environment}: the contract in the state and in SSM is one`,
    told.code === 0 && same,
    said(told),
  );
  return contract;
};

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, one]) => [key, sorted(one)]),
        )
      : value;

const releaseShaped = async (environment: string): Promise<void> => {
  const contract = await contractOf(environment);
  const before = await deployedState(project, contract);
  await changeAsADeployment(project, contract);
  const after = await deployedState(project, contract);
  checks.check(`${environment}: as a deployment does it: ${before} → ${after}`, before !== after);
  await isEmptyPlan(environment, "after a change as a deployment makes it");
  const applied = await switchback(["infra", "apply", environment, "--yes", "--json"]);
  checks.check(
    `${environment}: apply leaves what a deployment changed`,
    applied.code === 0 && (await deployedState(project, contract)) === after,
    said(applied),
  );
};

const drift = async (environment: string): Promise<void> => {
  const none = await switchback(["infra", "drift", environment]);
  checks.check(`${environment}: no drift`, none.code === 0, said(none));
  const { network } = await contractOf(environment);
  const group = network.servicesSecurityGroup;
  const rule = ["--group-id", group, "--protocol", "tcp", "--port", "22", "--cidr", "203.0.113.7/32"];
  await aws(["ec2", "authorize-security-group-ingress", ...rule]);
  const found = await switchback(["infra", "drift", environment]);
  const names = ["22", "203.0.113.7/32"].every((text) => found.stdout.includes(text));
  checks.check(
    `${environment}: a rule that nobody declared is named, exit 3`,
    found.code === 3 && names,
    said(found),
  );
  console.log(found.stdout.trimEnd());
  await aws(["ec2", "revoke-security-group-ingress", ...rule]);
  const gone = await switchback(["infra", "drift", environment]);
  checks.check(`${environment}: without it, no drift again`, gone.code === 0, said(gone));
};

const rename = async (environment: string): Promise<void> => {
  const putBack = project.configure((text) => text.replace('name: "rideshare"', 'name: "ridesharing"'));
  const planned = await switchback(["infra", "plan", environment]);
  const applied = await switchback(["infra", "apply", environment, "--yes"]);
  putBack();
  const names = /module\.app\.module\.database\S*aws_db_instance\.this/.test(applied.stderr);
  checks.check(
    `${environment}: a rename that costs the database is stopped and names it`,
    applied.code === 3 && names,
    said(applied),
  );
  console.log(applied.stderr.split("\n").slice(-14).join("\n"));
  checks.check(`${environment}: it was planned all the same`, planned.code === 0, said(planned));
  const back = await switchback(["infra", "plan", environment, "--json"]);
  checks.check(`${environment}: put back, nothing is to do`, back.code === 0, said(back));
};

const destroy = async (environment: string): Promise<void> => {
  const refused = await switchback(["infra", "destroy", environment, "--yes"]);
  checks.check(`${environment}: what is protected is not destroyed`, refused.code === 3, said(refused));
  const plan = await switchback(["infra", "plan", environment, "--json"]);
  // Policies ask production for protection whatever the configuration says; a person decides all the same.
  const expected = environment === "production" ? 3 : 0;
  checks.check(
    `${environment}: protection is lifted by a plan, exit ${expected}`,
    plan.code === expected,
    said(plan),
  );
  const lifted = await switchback(["infra", "apply", environment, "--yes"]);
  checks.check(`${environment}: and an apply`, lifted.code === 0, said(lifted).slice(-3000));
  await remove(environment);
};

const remove = async (environment: string): Promise<void> => {
  const asked = await switchback(["infra", "destroy", environment, "--yes", "--json"]);
  const { error } = json<{ error?: { context?: { dangers?: { address: string }[] } } }>(asked);
  const addresses = (error?.context?.dangers ?? []).map(({ address }) => address);
  checks.check(
    `${environment}: ${addresses.length} resources with data are each to be named`,
    asked.code === 3 && addresses.length > 0,
    said(asked),
  );
  const allowed = addresses.flatMap((address) => ["--allow-destroy", address]);
  const gone = await switchback(["infra", "destroy", environment, "--yes", ...allowed]);
  checks.check(`${environment}: destroyed`, gone.code === 0, said(gone).slice(-4000));
};

/** An environment in things that somebody else has made: used, and left as they are. */
const adopt = async (things: Awaited<ReturnType<typeof makeExistingThings>>): Promise<void> => {
  const was = await things.look();
  await apply("adopted");
  const contract = await contractOf("adopted");
  const { vpc, database } = things.settings as { vpc: { id: string }; database: string };
  checks.check(
    "adopted: the contract tells of what was there",
    contract.network.vpc === vpc.id &&
      contract.cluster.name === "shared" &&
      contract.database?.identifier === database &&
      contract.buckets["uploads"]?.name === "old-uploads",
    contract,
  );
  const wrong = await judgeRoles(project, databases, contract);
  checks.check("adopted: the database that was there has the two roles", wrong.length === 0, wrong);
  const drifted = await switchback(["infra", "drift", "adopted"]);
  checks.check("adopted: no drift", drifted.code === 0, said(drifted));
  await remove("adopted");
  const changed = differences(was, await things.look());
  checks.check("adopted: what was there before is as it was", changed.length === 0, changed);
};

/** Both at once: most of the time is waiting that is compiled into the provider. */
const both = (name: string, work: (environment: string) => Promise<void>): Promise<unknown> =>
  Promise.all(ENVIRONMENTS.map((environment) => part(`${environment}, ${name}`, () => work(environment))));

const everything = async (): Promise<void> => {
  await both("apply", apply);
  // One after the other: what the one runs is not what the other counts.
  for (const environment of ENVIRONMENTS)
    await part(`${environment}, the database's roles`, () => roles(environment));
  await both("change as a deployment", releaseShaped);
  await part("drift", () => drift("staging"));
  await part("rename", () => rename("staging"));
  project.configure((text) => text.replaceAll("      aws: {\n", "      aws: {\n        protect: false,\n"));
  await both("destroy", destroy);
};

const things = await makeExistingThings(project);
project.configure((text) =>
  text.replace("    development: {", `${environmentText(things.settings)}    development: {`),
);
await part("bootstrap", bootstrap);
const before = await inventory(project);
await part("adopted, from apply to destroy", () => adopt(things));
if (process.argv[2] !== "existing") await everything();
const after = await inventory(project);
const left = after.filter((name) => !before.includes(name));
checks.check("nothing is left", left.length === 0, left);
await rig.close();
await databases.close();
const failed = checks.failed > 0;
if (failed) console.log(`kept: ${project.folder}`);
project.close({ keep: failed });
console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exit(failed ? 1 : 0);
