import { z } from "zod";
import type { Contract } from "../domain/contract.ts";
import { AppError } from "../domain/errors.ts";

/** Whose contract is wanted, and where it was read. */
export interface ContractKey {
  app: string;
  environment: string;
  /** For messages: the parameter or the state that it comes from. */
  from: string;
}

export const CONTRACT_VERSION = 1;

/** Where a deployer finds it: the name of the SSM parameter. */
export const contractParameter = ({ app, environment }: Pick<ContractKey, "app" | "environment">): string =>
  `/switchback/${app}/${environment}/contract`;

const text = z.string().min(1);
const port = z.int().min(1).max(65_535);

const service = z.object({
  name: text,
  family: text,
  kind: z.enum(["web", "worker"]),
  port: port.nullable(),
  repository: text,
  executionRole: text,
  taskRole: text,
  logGroup: text,
  targetGroups: z.object({ blue: text, green: text }).nullable(),
  productionRule: text.nullable(),
  testRule: text.nullable(),
  deploymentRole: text.nullable(),
  alarms: z.array(text),
});

/** Members that are not named here are left out: a later module may tell more without a new version. */
const contract = z.object({
  version: z.literal(CONTRACT_VERSION),
  app: text,
  environment: text,
  account: z.string().regex(/^\d{12}$/),
  region: text,
  url: z
    .string()
    .regex(/^https:\/\/\S+$/)
    .nullable(),
  dns: z.object({ zone: text, nameServers: z.array(text) }).nullable(),
  network: z.object({
    vpc: text,
    privateSubnets: z.array(text).min(1),
    servicesSecurityGroup: text,
    assignPublicIp: z.boolean(),
  }),
  cluster: z.object({ name: text, arn: text }),
  loadBalancer: z
    .object({
      arn: text,
      dnsName: text,
      originDomain: text,
      listener: text,
      testListener: text.nullable(),
    })
    .nullable(),
  services: z.record(text, service),
  sites: z.record(
    text,
    z.object({
      bucket: text,
      prefix: z.string(),
      distribution: text,
      distributionDomain: text,
      route: text,
      fallback: text,
    }),
  ),
  database: z
    .object({
      identifier: text,
      host: text,
      port,
      name: text,
      masterSecret: text,
      appSecret: text,
      migrateSecret: text,
      rolesTask: z.object({
        taskDefinition: text,
        securityGroup: text,
        fingerprint: text,
        record: z.string().startsWith("/"),
      }),
    })
    .nullable(),
  cache: z.object({ host: text, port, tls: z.boolean(), secret: text }).nullable(),
  buckets: z.record(text, z.object({ name: text, arn: text })),
  secretsPrefix: z.string().regex(/\/$/),
});

/**
 * The contract of one environment, checked whole. Throws CONTRACT_INVALID with everything that is wrong, and
 * CONTRACT_NEWER for a version above ours; whatever `json` is, nothing else.
 */
export const parseContract = (json: unknown, key: ContractKey): Contract => {
  const { version } = (typeof json === "object" && json !== null ? json : {}) as { version?: unknown };
  if (typeof version === "number" && Number.isInteger(version) && version > CONTRACT_VERSION)
    throw new AppError(
      "CONTRACT_NEWER",
      `${key.from} has version ${version} of the contract; this Switchback reads version ${CONTRACT_VERSION}.`,
      {
        hint: "upgrade Switchback, or apply the modules that come with this one",
        context: { ...key, version },
      },
    );
  const result = contract.safeParse(json);
  if (!result.success) throw invalid(key, result.error.issues.map(problemOf));
  const { app, environment } = result.data;
  if (app !== key.app || environment !== key.environment)
    throw invalid(key, [`it is that of ${environment} of ${app}`]);
  return result.data;
};

const problemOf = (issue: z.core.$ZodIssue): string => {
  const at = issue.path.map(String).join(".");
  return `${at === "" ? "the contract" : at}: ${issue.message}`;
};

const invalid = (key: ContractKey, problems: string[]): AppError => {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return new AppError(
    "CONTRACT_INVALID",
    `${key.from} is not the contract of ${key.environment} of ${key.app}: ${problems[0]}${more}.`,
    {
      hint: `switchback infra apply ${key.environment}`,
      context: { ...key, problems },
    },
  );
};
