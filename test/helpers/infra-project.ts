import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TERRAFORM_ENV } from "./terraform-root.ts";
import { makeTinyProject, type TinyProject } from "./tiny-project.ts";

/** What the module `app` puts out, for an environment without a database. */
export const CONTRACT = {
  version: 1,
  app: "tiny",
  environment: "staging",
  account: "123456789012",
  region: "eu-north-1",
  url: "https://staging.tiny.example",
  dns: { zone: "Z1", nameServers: ["ns-1.example"] },
  network: {
    vpc: "vpc-1",
    privateSubnets: ["subnet-1", "subnet-2"],
    servicesSecurityGroup: "sg-1",
    assignPublicIp: false,
  },
  cluster: { name: "tiny-staging", arn: "arn:aws:ecs:eu-north-1:123456789012:cluster/tiny-staging" },
  loadBalancer: null,
  services: {},
  sites: {},
  database: null,
  cache: null,
  buckets: {},
  secretsPrefix: "tiny/staging/",
};

export interface InfraProject extends TinyProject {
  /** Writes the root folder's file, as its owner may. The output `contract` and the variables stand beside it. */
  root(text: string): void;
  file(path: string): string;
}

/**
 * An app with an environment on AWS whose root folder holds built-in resources alone: the real command line and the real
 * program, and no provider.
 */
export const makeInfraProject = (aws: Record<string, unknown> = {}): InfraProject => {
  const staging = {
    platform: "aws",
    domain: "staging.tiny.example",
    aws: { region: "eu-north-1", account: "123456789012", protect: false, ...aws },
  };
  const env = Object.fromEntries(
    Object.entries(TERRAFORM_ENV).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const project = makeTinyProject({}, { settings: { environments: { development: {}, staging } }, env });
  const folder = join(project.folder, "infra/staging");
  project.writeApi("one");
  project.writeSite("site");
  return {
    ...project,
    file: (path) => readFileSync(join(project.folder, path), "utf8"),
    root: (text) => {
      mkdirSync(folder, { recursive: true });
      const variables = ["region", "account", "app"].map((name) => `variable "${name}" {\n  type = any\n}\n`);
      const output = `output "contract" {\n  value = jsondecode(${JSON.stringify(JSON.stringify(CONTRACT))})\n}\n`;
      writeFileSync(join(folder, "main.tf"), [...variables, output, text].join("\n"));
    },
  };
};
