// Makes the plans of this folder anew: real terraform and provider against an AWS API server. node test/recorded-plans/record.mjs
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { terraformEnv } from "../../scripts/terraform-env.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "switchback-record-"));
cpSync(join(here, "root"), folder, { recursive: true });

// Its words go to a file: nobody reads a pipe while a command runs, and a full one would stop it.
const words = join(folder, "moto.txt");
const moto = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], {
  stdio: ["ignore", openSync(words, "w"), openSync(words, "a")],
});
const addressIn = (text) => /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
while (addressIn(readFileSync(words, "utf8")) === undefined) await setTimeout(50);
const endpoint = addressIn(readFileSync(words, "utf8"));
const { env, close } = terraformEnv();
const options = {
  cwd: folder,
  encoding: "utf8",
  maxBuffer: 1 << 28,
  env: {
    ...process.env,
    ...env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "eu-north-1",
    AWS_DEFAULT_REGION: "eu-north-1",
  },
};
const terraform = (...args) => execFileSync("terraform", args, options);
const aws = (...args) => JSON.parse(execFileSync("aws", [...args, "--output", "json"], options) || "null");

/** Only what a reader of plans reads; the configuration and the whole prior state are left out. */
const record = (name, ...args) => {
  terraform("plan", "-out=plan", ...args);
  const plan = JSON.parse(terraform("show", "-json", "plan"));
  const { format_version, terraform_version, resource_changes, resource_drift, output_changes, ...rest } =
    plan;
  const { applyable, complete, errored } = rest;
  const kept = {
    format_version,
    terraform_version,
    resource_changes: resource_changes?.filter(({ change }) => change.actions[0] !== "no-op") ?? [],
    resource_drift,
    output_changes,
    applyable,
    complete,
    errored,
  };
  writeFileSync(join(here, `${name}.json`), `${JSON.stringify(kept, null, 1)}\n`);
  console.log(name, kept.resource_changes.length, resource_drift?.length ?? 0);
};

try {
  terraform("init");
  record("create");
  terraform("apply", "-auto-approve");
  terraform("apply", "-auto-approve", "-refresh-only");
  record("rename", "-var=name=rides");
  record("sizes", "-var=instance=db.t4g.small", "-var=memory=1024", "-var=password=another-secret");
  record("destroy", "-destroy");
  const [group] = aws(
    "ec2",
    "describe-security-groups",
    "--filters",
    "Name=group-name,Values=rideshare-services",
  ).SecurityGroups;
  aws(
    "ec2",
    "authorize-security-group-ingress",
    "--group-id",
    group.GroupId,
    "--protocol",
    "tcp",
    "--port",
    "22",
    "--cidr",
    "0.0.0.0/0",
  );
  aws("logs", "put-retention-policy", "--log-group-name", "/rideshare/api", "--retention-in-days", "7");
  execFileSync("aws", ["ecr", "delete-repository", "--repository-name", "rideshare/api"], options);
  record("drift", "-refresh-only");
  writeFileSync(
    join(here, "state.json"),
    `${JSON.stringify(JSON.parse(terraform("show", "-json")), null, 1)}\n`,
  );
  const rules = aws(
    "ec2",
    "describe-security-group-rules",
    "--filters",
    `Name=group-id,Values=${group.GroupId}`,
  );
  writeFileSync(join(here, "rules.json"), `${JSON.stringify(rules, null, 1)}\n`);
} finally {
  close();
  moto.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
