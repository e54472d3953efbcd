import { parseAddress, type ResourceAddress } from "./module-path.ts";
import type {
  ConfigurationModule,
  ConfigurationResource,
  Expressions,
  Json,
  JsonObject,
  PlanModule,
  PlanResource,
  PolicyPlan,
} from "./terraform-plan.ts";

/** A resource as it will be after the apply, or data that is read: what the plan knows of it, and what it does not. */
export interface PlannedResource {
  address: string;
  where: ResourceAddress;
  type: string;
  isData: boolean;
  values: JsonObject;
  /** `true` where a value is known only after the apply; the shape of `values` otherwise. */
  unknown: Json;
  sensitive: Json;
  /** The arguments that somebody wrote; null where the configuration of the resource is not in the plan. */
  expressions: Expressions | null;
  /** What it is made for each of. */
  forEach: Json;
}

const resourcesOf = (module: PlanModule | undefined): PlanResource[] =>
  module === undefined
    ? []
    : [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesOf)];

export const moduleAt = (
  plan: PolicyPlan,
  { module }: Pick<ResourceAddress, "module">,
): ConfigurationModule | null => {
  let found: ConfigurationModule | undefined = plan.configuration.root_module;
  for (const { name } of module) found = found?.module_calls?.[name]?.module;
  return found ?? null;
};

/** Every resource that is there after the apply, and all data, each once. What is to be destroyed is not among them. */
export const readResources = (plan: PolicyPlan): PlannedResource[] => {
  const unknown = new Map(
    (plan.resource_changes ?? []).map(({ address, change }) => [address, change.after_unknown ?? {}]),
  );
  const configured = new Map<ConfigurationModule, Map<string, ConfigurationResource>>();
  const configurationOf = (where: ResourceAddress): ConfigurationResource | undefined => {
    const module = moduleAt(plan, where);
    if (module === null) return undefined;
    let byAddress = configured.get(module);
    if (byAddress === undefined) {
      byAddress = new Map((module.resources ?? []).map((resource) => [resource.address, resource]));
      configured.set(module, byAddress);
    }
    return byAddress.get(where.local);
  };
  const planned = resourcesOf(plan.planned_values?.root_module);
  const seen = new Set(planned.map(({ address }) => address));
  const read = resourcesOf(plan.prior_state?.values?.root_module).filter(
    ({ mode, address }) => mode === "data" && !seen.has(address),
  );
  return [...planned, ...read].map((resource): PlannedResource => {
    const where = parseAddress(resource.address);
    const written = configurationOf(where);
    return {
      address: resource.address,
      where,
      type: resource.type,
      isData: resource.mode === "data",
      values: resource.values ?? {},
      unknown: unknown.get(resource.address) ?? {},
      sensitive: resource.sensitive_values ?? {},
      expressions: written?.expressions ?? null,
      forEach: written?.for_each_expression ?? null,
    };
  });
};
