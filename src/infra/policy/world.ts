import { readResources, type PlannedResource } from "./planned-resource.ts";
import { followExpression, isTarget } from "./references.ts";
import type { Json, PolicyPlan } from "./terraform-plan.ts";
import { known, valueAt } from "./value-at.ts";

export interface PolicyOptions {
  environment: string;
  /** Whether the rules for production hold here; without it, whether the environment is called so. */
  production?: boolean;
}

/** Who points at a resource. `unsure`: somebody may, in a way that the plan does not show before it is applied. */
export interface Pointing {
  found: PlannedResource[];
  unsure: boolean;
}

/** All that a rule may ask: the resources of a plan and how they hang together. */
export interface World {
  environment: string;
  production: boolean;
  /** False where the app's variable says that data may be lost. */
  protect: boolean;
  /** The variable `app` of the root; null without it. */
  app: Json;
  resources: PlannedResource[];
  ofType(...types: string[]): PlannedResource[];
  /** What an attribute leads to, by reference or by an id that is known. Null: the plan does not show it. */
  linked(resource: PlannedResource, path: string): PlannedResource[] | null;
  /** The resources of a type whose attribute leads to this one. */
  pointingAt(target: PlannedResource, type: string, path: string): Pointing;
}

const IDENTITIES = [
  "id",
  "arn",
  "bucket",
  "name",
  "identifier",
  "bucket_regional_domain_name",
  "bucket_domain_name",
];

const identitiesOf = (resource: PlannedResource): Json[] =>
  IDENTITIES.map((name) => known(resource, name)).filter(
    (value) => typeof value === "string" && value !== "",
  );

/** The expression of an attribute inside blocks; of the whole block where the blocks are made by an iteration. */
const expressionAt = ({ expressions }: PlannedResource, path: string): Json | undefined => {
  let found: Json | undefined = expressions ?? undefined;
  for (const key of path.split(".")) {
    if (Array.isArray(found)) found = found[Number(key)] ?? found;
    else if (typeof found === "object" && found !== null && Object.hasOwn(found, key)) found = found[key];
    else if (found !== expressions) return found;
    else return undefined;
  }
  return found;
};

/** Whether somebody wrote the argument, whatever its value. */
export const isWritten = (resource: PlannedResource, path: string): boolean => {
  const expression = expressionAt(resource, path);
  if (expression === undefined) return false;
  return !(
    typeof expression === "object" &&
    expression !== null &&
    !Array.isArray(expression) &&
    Object.hasOwn(expression, "constant_value") &&
    expression["constant_value"] === null
  );
};

/** What a `dynamic` block writes is not in a plan's JSON. */
export const isInDynamicBlock = (resource: PlannedResource, path: string): boolean => {
  const [block, ...within] = path.split(".");
  return within.length > 0 && expressionAt(resource, block!) === undefined;
};

const grouped = (resources: PlannedResource[], keyOf: (resource: PlannedResource) => string) => {
  const groups = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    const group = groups.get(keyOf(resource));
    if (group === undefined) groups.set(keyOf(resource), [resource]);
    else group.push(resource);
  }
  return groups;
};

export const makeWorld = (plan: PolicyPlan, options: PolicyOptions): World => {
  const resources = readResources(plan);
  const managed = resources.filter(({ isData }) => !isData);
  const byType = grouped(managed, ({ type }) => type);
  const addresses = new Set(resources.map(({ address }) => address));
  const byLocal = grouped(resources, ({ where }) => where.local);
  const byIdentity = new Map<Json, PlannedResource[]>();
  for (const resource of managed) {
    for (const identity of identitiesOf(resource)) {
      byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), resource]);
    }
  }
  const links = new Map<PlannedResource, Map<string, PlannedResource[] | null>>();

  const follow = (resource: PlannedResource, path: string): PlannedResource[] | null => {
    const targets = followExpression(
      plan,
      { module: resource.where.module, forEach: resource.forEach },
      expressionAt(resource, path),
    );
    const named = targets.resources.flatMap((target) =>
      (byLocal.get(target.local) ?? []).filter((one) =>
        isTarget(target, one, targets.keyed ? resource.where.index : "", addresses),
      ),
    );
    const value = valueAt(resource, path);
    const identified =
      value.state === "known"
        ? (Array.isArray(value.value) ? value.value : [value.value]).flatMap((id) => byIdentity.get(id) ?? [])
        : [];
    const all = [...new Set([...named, ...identified])];
    return all.length === 0 && value.state === "unknown" && targets.opaque ? null : all;
  };
  const linked = (resource: PlannedResource, path: string): PlannedResource[] | null => {
    const cache = links.get(resource) ?? new Map<string, PlannedResource[] | null>();
    links.set(resource, cache);
    if (!cache.has(path)) cache.set(path, follow(resource, path));
    return cache.get(path)!;
  };
  const app = plan.variables?.["app"]?.value ?? null;
  const protect = typeof app === "object" && app !== null && !Array.isArray(app) ? app["protect"] : undefined;
  const ofType = (...types: string[]) => types.flatMap((type) => byType.get(type) ?? []);
  return {
    environment: options.environment,
    production: options.production ?? options.environment === "production",
    protect: protect !== false,
    app,
    resources: managed,
    ofType,
    linked,
    pointingAt: (target, type, path) => {
      const found: PlannedResource[] = [];
      let unsure = false;
      for (const one of ofType(type)) {
        const ends = linked(one, path);
        if (ends === null) unsure = true;
        else if (ends.includes(target)) found.push(one);
      }
      return { found, unsure };
    },
  };
};
