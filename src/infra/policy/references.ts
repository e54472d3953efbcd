import { prefixOf, type ModuleStep } from "./module-path.ts";
import { moduleAt, type PlannedResource } from "./planned-resource.ts";
import type { Json, PolicyPlan } from "./terraform-plan.ts";

/** Where an expression leads: resources by address without index, each with the module that it is in. */
export interface Targets {
  resources: { module: ModuleStep[]; local: string; index: string }[];
  /** Some of it goes through a local value, an iteration or a variable of the root, which a plan does not explain. */
  opaque: boolean;
  /** It names each.key, each.value or count.index: of resources with the same keys only the twin is meant. */
  keyed: boolean;
}

const referencesIn = (expression: Json | undefined): string[] => {
  if (Array.isArray(expression)) return expression.flatMap(referencesIn);
  if (typeof expression !== "object" || expression === null) return [];
  const { references } = expression;
  return [
    ...(Array.isArray(references) ? references.map(String) : []),
    ...Object.entries(expression)
      .filter(([key]) => key !== "references" && key !== "constant_value")
      .flatMap(([, nested]) => referencesIn(nested)),
  ];
};

const RESOURCE = /^((?:data\.)?[a-z]\w*\.[\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/;
const INNER = new Set(["var", "local", "module", "each", "count", "path", "terraform", "self"]);

/** The longest of `a.b.c`, `a.b` says it all; Terraform lists every prefix. */
const longest = (references: string[]): string[] =>
  references.filter(
    (one) =>
      !references.some(
        (other) => other !== one && /^[.[]/.test(other.slice(one.length)) && other.startsWith(one),
      ),
  );

/** Where something is written: in which module, and what it is made for each of. */
export interface Writer {
  module: ModuleStep[];
  forEach: Json;
}

/** Follows an expression through variables, outputs and iterations of modules to the resources that it names. */
export const followExpression = (
  plan: PolicyPlan,
  { module, forEach }: Writer,
  expression: Json | undefined,
): Targets => {
  const keyed = referencesIn(expression).some((one) => /^(each|count)\./.test(one));
  const targets: Targets = { resources: [], opaque: false, keyed };
  const seen = new Set<string>();
  const visit = (at: ModuleStep[], nested: Json | undefined, each: Json = null): void => {
    for (const reference of longest(referencesIn(nested))) {
      const key = `${prefixOf(at)}${reference}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (reference.startsWith("each.") && each !== null) visit(at, each);
      else follow(at, reference);
    }
  };
  const callOf = (at: ModuleStep[]) => {
    const own = at.at(-1);
    const parent = moduleAt(plan, { module: at.slice(0, -1) });
    return own === undefined ? undefined : parent?.module_calls?.[own.name];
  };
  const follow = (at: ModuleStep[], reference: string): void => {
    const [head = "", second = ""] = reference.split(/[.[]/);
    if (head === "var") {
      if (at.length === 0) targets.opaque = true;
      else {
        const call = callOf(at);
        visit(at.slice(0, -1), call?.expressions?.[second], call?.for_each_expression);
      }
      return;
    }
    if (head === "module") {
      const [, name = "", index = "", output] =
        /^module\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([\w-]+))?/.exec(reference) ?? [];
      const inner = [...at, { name, index }];
      const child = moduleAt(plan, { module: inner });
      if (output === undefined) targets.opaque = true;
      else visit(inner, child?.outputs?.[output]?.expression);
      return;
    }
    if (INNER.has(head)) {
      targets.opaque = targets.opaque || head === "local" || head === "each";
      return;
    }
    const match = RESOURCE.exec(reference);
    if (match !== null) targets.resources.push({ module: at, local: match[1]!, index: match[2] ?? "" });
  };
  visit(module, expression, forEach);
  return targets;
};

const sameModule = (one: ModuleStep[], other: ModuleStep[]): boolean =>
  one.length === other.length &&
  one.every(({ name, index }, at) => {
    const twin = other[at]!;
    // A module that is named without its key may be any of its instances.
    return name === twin.name && (index === twin.index || index === "" || twin.index === "");
  });

/** Whether a target may be this very resource. `twinIndex`: the key of what names it, where twins belong together; or "". */
export const isTarget = (
  target: Targets["resources"][number],
  { where }: PlannedResource,
  twinIndex: string,
  twins: ReadonlySet<string>,
): boolean => {
  if (where.local !== target.local || !sameModule(target.module, where.module)) return false;
  if (target.index !== "") return where.index === target.index;
  const twin = `${where.prefix}${where.local}${twinIndex}`;
  return where.index === "" || twinIndex === "" || !twins.has(twin) || where.index === twinIndex;
};
