import { DEFAULTS } from "../defaults.ts";
import { describeValue, type Path, type Problem } from "../problem.ts";
import type { ServiceConfig, ServiceOverrideConfig } from "../app-config.ts";
import { environmentsOf, isIncomplete, problem, servicesOf, type Draft, type Rule } from "./draft.ts";

type Sizes = Pick<Partial<ServiceConfig>, "instances" | "maxInstances" | "scaleAtCpu">;

/** Scaling goes upwards from `instances`. */
export const mostInstances: Rule = (draft) => [
  ...servicesOf(draft).flatMap(([name, service]) => tooFew(["services", name], service, service, "service")),
  ...overridesOf(draft).flatMap(({ path, override, base }) =>
    override.instances === undefined && override.maxInstances === undefined
      ? []
      : tooFew(path, override, { ...base, ...written(override) }, "overrides"),
  ),
];

const tooFew = (path: Path, own: Sizes, sizes: Sizes, anchor: string): Problem[] => {
  const { instances = DEFAULTS.service.instances, maxInstances } = sizes;
  if (maxInstances === undefined || maxInstances >= instances) return [];
  const setting = own.maxInstances === undefined ? "instances" : "maxInstances";
  const message =
    setting === "maxInstances"
      ? `is less than instances, which is ${instances}`
      : `is more than maxInstances, which is ${maxInstances}`;
  return [problem({ path: [...path, setting], found: describeValue(sizes[setting]), message, anchor })];
};

/** A load to scale at is without effect where nothing scales. */
export const scalingHasRoom: Rule = (draft) => [
  ...servicesOf(draft).flatMap(([name, service]) => {
    const somewhere = overridesOf(draft).some(
      (one) => one.service === name && one.override.maxInstances !== undefined,
    );
    return somewhere ? [] : noRoom(draft, ["services", name], service, "service");
  }),
  ...overridesOf(draft).flatMap(({ path, override, base }) =>
    base.maxInstances === undefined ? noRoom(draft, path, override, "overrides") : [],
  ),
];

const noRoom = (draft: Draft, path: Path, sizes: Sizes, anchor: string): Problem[] => {
  const { maxInstances, scaleAtCpu } = sizes;
  if (scaleAtCpu === undefined || maxInstances !== undefined || isIncomplete(draft, path)) return [];
  const message = "has no effect: without maxInstances nothing scales";
  return [problem({ path: [...path, "scaleAtCpu"], found: describeValue(scaleAtCpu), message, anchor })];
};

interface Override {
  service: string;
  path: Path;
  override: ServiceOverrideConfig;
  base: Sizes;
}

const overridesOf = (draft: Draft): Override[] =>
  environmentsOf(draft).flatMap(([environment, { services }]) =>
    Object.entries(services ?? {}).map(([service, override]) => ({
      service,
      path: ["environments", environment, "services", service],
      override,
      base: servicesOf(draft).find(([name]) => name === service)?.[1] ?? {},
    })),
  );

/** What was left out does not hide what the service says. */
const written = (sizes: Sizes): Sizes =>
  Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined));
