import { AppError } from "../../domain/errors.ts";
import type { CopilotFile } from "../../domain/copilot-file.ts";

export interface StackResource {
  logicalId: string;
  /** What AWS calls it: an id, a name, an ARN or an address, as its type has it. */
  physicalId: string;
  type: string;
}

export interface Stack {
  name: string;
  region: string | null;
  account: string | null;
  resources: StackResource[];
}

/** As `describe-stack-resources` and as `list-stack-resources` print it. */
interface Printed {
  StackName?: unknown;
  StackId?: unknown;
  LogicalResourceId?: unknown;
  PhysicalResourceId?: unknown;
  ResourceType?: unknown;
  ResourceStatus?: unknown;
}

const unreadable = (path: string, what: string): AppError =>
  new AppError("COPILOT_UNREADABLE", `${path} ${what}.`, {
    hint: "aws cloudformation describe-stack-resources --stack-name STACK > STACK.json",
    context: { path },
  });

const parse = ({ path, text }: CopilotFile): Printed[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(path, "is not JSON");
  }
  const { StackResources, StackResourceSummaries } = (value ?? {}) as {
    StackResources?: unknown;
    StackResourceSummaries?: unknown;
  };
  const list = StackResources ?? StackResourceSummaries;
  if (!Array.isArray(list)) throw unreadable(path, "is not what describe-stack-resources prints");
  return list as Printed[];
};

/** A stack's name from the file's where the command prints none: list-stack-resources. */
const nameOf = (path: string, printed: Printed[]): string =>
  typeof printed[0]?.StackName === "string"
    ? printed[0].StackName
    : path.replace(/^.*\//, "").replace(/\.json$/, "");

/** One stack of one file. What was deleted, or never came to be, is left out. Throws COPILOT_UNREADABLE. */
export const readStack = (file: CopilotFile): Stack => {
  const printed = parse(file);
  const arn = String(printed.find(({ StackId }) => typeof StackId === "string")?.StackId ?? "").split(":");
  return {
    name: nameOf(file.path, printed),
    region: arn[3] ?? null,
    account: arn[4] ?? null,
    resources: printed
      .filter(
        ({ ResourceStatus, PhysicalResourceId }) =>
          typeof PhysicalResourceId === "string" &&
          !/^(DELETE_COMPLETE|CREATE_FAILED)$/.test(String(ResourceStatus)),
      )
      .map((one) => ({
        logicalId: String(one.LogicalResourceId),
        physicalId: String(one.PhysicalResourceId),
        type: String(one.ResourceType),
      })),
  };
};

export type StackKind = "environment" | "service" | "addons" | "infrastructure" | "roles";

export interface CopilotStack extends Stack {
  kind: StackKind;
  /** The service that it is of; null: of the environment or the app. */
  service: string | null;
}

export interface CopilotApp {
  name: string;
  environment: string;
  region: string | null;
  account: string | null;
  stacks: CopilotStack[];
  /** Names of stacks that are of something else. */
  foreign: string[];
}

const isEnvironment = ({ resources }: Stack): boolean =>
  ["Cluster", "ServiceDiscoveryNamespace"].every((id) => resources.some(({ logicalId }) => logicalId === id));

/** Which of the stacks are of this environment. The app's name is what the environment's stack has before its own. */
export const recogniseStacks = (stacks: Stack[], environment: string): CopilotApp => {
  const own = stacks.find((stack) => stack.name.endsWith(`-${environment}`) && isEnvironment(stack));
  if (own === undefined) {
    throw new AppError(
      "COPILOT_UNREADABLE",
      `No file describes the stack of the Copilot environment "${environment}".`,
      {
        hint: `aws cloudformation describe-stack-resources --stack-name APP-${environment} > APP-${environment}.json`,
        context: { environment, stacks: stacks.map(({ name }) => name) },
      },
    );
  }
  const name = own.name.slice(0, -environment.length - 1);
  const recognised = stacks.map((stack) => ({ stack, as: kindOf(stack, name, own.name) }));
  return {
    ...{ name, environment, region: own.region, account: own.account },
    stacks: recognised.flatMap(({ stack, as }) => (as === null ? [] : [{ ...stack, ...as }])),
    foreign: recognised.filter(({ as }) => as === null).map(({ stack }) => stack.name),
  };
};

const kindOf = (
  { name }: Stack,
  app: string,
  environmentStack: string,
): Pick<CopilotStack, "kind" | "service"> | null => {
  if (name === environmentStack) return { kind: "environment", service: null };
  if (name === `${app}-infrastructure-roles`) return { kind: "roles", service: null };
  if (name.startsWith(`StackSet-${app}-infrastructure-`)) return { kind: "infrastructure", service: null };
  if (!name.startsWith(`${environmentStack}-`)) return null;
  const rest = name.slice(environmentStack.length + 1);
  const addons = /^(?:(.+)-)?AddonsStack-[A-Z0-9]+$/.exec(rest);
  return addons === null
    ? { kind: "service", service: rest }
    : { kind: "addons", service: addons[1] ?? null };
};
