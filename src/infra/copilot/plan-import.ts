import type { CopilotFile } from "../../domain/copilot-file.ts";
import { configDraft } from "./draft-text.ts";
import { importFiles } from "./imports-text.ts";
import { judgeEnvironment, judgeShared } from "./judge-environment.ts";
import { judgeAddons, judgeService } from "./judge-service.ts";
import { at, readManifest, type Manifest } from "./manifest.ts";
import type { Judged, Judgement } from "./outcome.ts";
import { draftService, notesOn, type DraftNote, type ServiceDraft } from "./service-draft.ts";
import {
  readStack,
  recogniseStacks,
  type CopilotApp,
  type CopilotStack,
  type StackResource,
} from "./stack.ts";

export interface CopilotImport {
  app: string;
  environment: string;
  region: string | null;
  account: string | null;
  /** Every resource of every stack, each with what becomes of it. */
  resources: Judged[];
  /** Path in the project → text. */
  files: Record<string, string>;
  /** Parts of switchback.config.ts. */
  draft: string;
  /** What the manifests say and the configuration cannot. */
  notes: DraftNote[];
  /** How Copilot's secrets get to where the app finds them. */
  secrets: string[];
  /** Before anything else. */
  warnings: string[];
  /** Stacks that are of something else. */
  foreign: string[];
}

export interface ImportRequest {
  files: CopilotFile[];
  /** Copilot's name of the environment. */
  copilotEnvironment: string;
  /** Switchback's name of it. */
  environment: string;
}

const SERVICES = ["Load Balanced Web Service", "Backend Service", "Worker Service"];

/**
 * What becomes of a Copilot app's environment. Pure: nothing is asked of AWS, and nothing is written. Every resource of
 * every stack is judged. Throws COPILOT_UNREADABLE.
 */
export const planImport = ({ files, copilotEnvironment, environment }: ImportRequest): CopilotImport => {
  const stacks = files.filter(({ path }) => path.endsWith(".json")).map(readStack);
  const copilot = recogniseStacks(stacks, copilotEnvironment);
  const manifests = files
    .filter(({ path }) => /\.ya?ml$/.test(path))
    .flatMap((file) => readManifest(file, copilotEnvironment) ?? []);
  const services = draftsOf(copilot, manifests);
  const names = new Set(services.map(({ name }) => name));
  const domain = services.find(({ kind, alias }) => kind === "web" && alias !== null)?.alias ?? null;
  const environmentStack = copilot.stacks.find(({ kind }) => kind === "environment")!;
  const zone =
    environmentStack.resources.find(({ logicalId }) => logicalId === "EnvironmentHostedZone")?.physicalId ??
    null;
  const shared = judgeShared(copilot.name, names);

  const judge = (stack: CopilotStack, resource: StackResource): Judgement => {
    switch (stack.kind) {
      case "environment":
        return judgeEnvironment(resource);
      case "service": {
        const manifestType = manifests.find(({ name }) => name === stack.service)?.type ?? null;
        const alias = services.find(({ name }) => name === stack.service)?.alias ?? null;
        return judgeService(resource, {
          domain: alias === null || alias !== domain ? null : alias,
          zone,
          manifestType,
        });
      }
      case "addons":
        return judgeAddons(resource, stack);
      case "infrastructure":
      case "roles":
        return shared(stack, resource);
    }
  };
  const resources = onlyOneDistribution(
    copilot.stacks.flatMap((stack) =>
      stack.resources.map((resource): Judged => ({
        ...resource,
        ...judge(stack, resource),
        stack: stack.name,
      })),
    ),
  );
  const existing = existingOf(resources, manifests);
  const draft = {
    ...{
      app: copilot.name,
      environment,
      region: copilot.region,
      account: copilot.account,
      services,
      existing,
    },
    domain: domain === null ? null : `next.${domain}`,
    sites: manifests.filter(({ type }) => type === "Static Site").map(({ name }) => name),
    hasDatabase: existing["database"] !== undefined,
  };
  return {
    ...{ app: copilot.name, environment, region: copilot.region, account: copilot.account, resources },
    files: importFiles(resources, environment),
    draft: configDraft(draft),
    notes: manifests.filter(({ type }) => type !== "Environment").flatMap(notesOn),
    secrets: secretCommands(services, environment, copilot),
    warnings: [...warningsOn(copilot, environmentStack, manifests), ...nameWarning(domain)],
    foreign: copilot.foreign,
  };
};

/** Services by their manifests; one that has a stack and no manifest is there with its defaults. */
const draftsOf = ({ stacks }: CopilotApp, manifests: Manifest[]): ServiceDraft[] => {
  const known = manifests.filter(({ type }) => SERVICES.includes(type));
  const named = new Set(manifests.map(({ name }) => name));
  const bare = stacks
    .filter(
      ({ kind, service, resources }) =>
        kind === "service" &&
        !named.has(service!) &&
        resources.some(({ type }) => type === "AWS::ECS::Service"),
    )
    .map(({ service, resources }): Manifest => ({
      name: service!,
      type: resources.some(({ type }) => type === "AWS::ElasticLoadBalancingV2::TargetGroup")
        ? "Load Balanced Web Service"
        : "Backend Service",
      values: {},
    }));
  return [...known, ...bare].map(draftService).sort((one, other) => (one.name < other.name ? -1 : 1));
};

/** The module has one distribution; which of several takes its place is for a person to say. */
const onlyOneDistribution = (resources: Judged[]): Judged[] => {
  const candidates = resources.filter(
    ({ type, outcome }) => type === "AWS::CloudFront::Distribution" && outcome === "import-at-cut-over",
  );
  if (candidates.length < 2) return resources;
  return resources.map((one) => {
    if (!candidates.includes(one)) return one;
    const { import: _, ...rest } = one;
    return {
      ...rest,
      outcome: "by-hand",
      why: "There are several distributions, and the module has one.",
      todo: `for the one that is to stay: import { to = module.app.module.site[0].aws_cloudfront_distribution.this, id = "${one.physicalId}" }`,
    };
  });
};

const existingOf = (resources: Judged[], manifests: Manifest[]): Record<string, string[]> => {
  const existing: Record<string, string[]> = {};
  const add = (name: string, value: string): void =>
    void (existing[name] = [...(existing[name] ?? []), value]);
  for (const { setting } of resources) if (setting !== undefined) add(setting.name, setting.value);
  // A network that Copilot did not make is only in the environment's manifest.
  const network = manifests.find(({ type }) => type === "Environment")?.values["network"];
  const id = at(network, "vpc.id");
  if (existing["vpc.id"] === undefined && typeof id === "string") {
    add("vpc.id", id);
    for (const side of ["public", "private"]) {
      const subnets = at(network, `vpc.subnets.${side}`);
      for (const subnet of Array.isArray(subnets) ? subnets : []) {
        const subnetId = at(subnet, "id");
        if (typeof subnetId === "string") add(`vpc.${side}Subnets`, subnetId);
      }
    }
  }
  if (existing["vpc.privateSubnets"] !== undefined)
    existing["vpc.dataSubnets"] = existing["vpc.privateSubnets"];
  const order = [
    "vpc.id",
    "vpc.publicSubnets",
    "vpc.privateSubnets",
    "vpc.dataSubnets",
    "zone",
    "cluster",
    "database",
  ];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.fromEntries(Object.entries(existing).sort(([one], [other]) => rank(one) - rank(other)));
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Values stay out of sight: they go from one command to the other. */
const secretCommands = (services: ServiceDraft[], environment: string, copilot: CopilotApp): string[] => {
  const once = new Map(
    services.flatMap(({ secrets }) => secrets.map((secret) => [secret.name, secret] as const)),
  );
  return [...once.values()].map(({ name, store, from }) => {
    const named = quoted(
      from
        .replaceAll("${COPILOT_APPLICATION_NAME}", copilot.name)
        .replaceAll("${COPILOT_ENVIRONMENT_NAME}", copilot.environment),
    );
    const set = `switchback secret set ${environment} ${name}`;
    switch (store) {
      case "parameter":
        return `aws ssm get-parameter --with-decryption --name ${named} --query Parameter.Value --output text | ${set}`;
      case "secret":
        return `aws secretsmanager get-secret-value --secret-id ${named} --query SecretString --output text | ${set}`;
      case "stack":
        return set;
    }
  });
};

/** A record, and an alias of a distribution, can be there once. */
const nameWarning = (domain: string | null): string[] =>
  domain === null
    ? []
    : [
        `${domain} leads to Copilot until users are moved. Until then the environment has another name, next.${domain} in the draft; the apply that moves users has the old name and the imports that waited.`,
      ];

const warningsOn = (
  { name, stacks }: CopilotApp,
  environment: CopilotStack,
  manifests: Manifest[],
): string[] => {
  const has = (test: (resource: StackResource) => boolean): boolean => environment.resources.some(test);
  const ownNetwork = has(({ logicalId }) => logicalId === "VPC");
  const described = new Set(stacks.map(({ name: stack }) => stack));
  const undescribed = stacks
    .flatMap(({ resources }) => resources)
    .filter(({ type }) => type === "AWS::CloudFormation::Stack")
    .map(({ physicalId }) => physicalId.split("/")[1] ?? physicalId)
    .filter((stack) => !described.has(stack));
  const retained = environment.resources
    .filter(({ logicalId }) =>
      /^(VPC|Cluster|EnvironmentHostedZone|P(ublic|rivate)Subnet\d+)$/.test(logicalId),
    )
    .map(({ logicalId }) => logicalId);
  return [
    `Delete none of Copilot's stacks before what is adopted has DeletionPolicy: Retain: ${retained.join(", ")}, and the parts of the network. copilot env override writes the patches.`,
    ...(ownNetwork && !has(({ type }) => type === "AWS::EC2::NatGateway")
      ? [
          "Copilot runs the tasks in public subnets: its private ones have no way out. The module's services run in private subnets; add a NAT gateway, or place a service on private subnets in Copilot first.",
        ]
      : []),
    ...undescribed.map(
      (stack) =>
        `${stack} is part of the app and not described: aws cloudformation describe-stack-resources --stack-name ${stack} > ${stack}.json`,
    ),
    ...(stacks.some(({ kind }) => kind === "infrastructure")
      ? []
      : [
          `The stack of the image repositories is not described: its name begins with StackSet-${name}-infrastructure-, in each region.`,
        ]),
    ...(manifests.some(({ type }) => SERVICES.includes(type))
      ? []
      : [
          "There are no manifests: sizes, ports and health checks in the draft are defaults. Run it where copilot/ is.",
        ]),
  ];
};
