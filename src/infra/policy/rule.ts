import type { PolicySeverity, PolicyState } from "../../domain/policy-finding.ts";
import type { PlannedResource } from "./planned-resource.ts";
import type { Json } from "./terraform-plan.ts";
import { countAt, shown, valueAt } from "./value-at.ts";
import { isInDynamicBlock, isWritten, type World } from "./world.ts";

export interface Verdict {
  state: Exclude<PolicyState, "waived">;
  attribute: string;
  is: string;
  shouldBe: string;
}

/** What is not as it should be; none: the rule holds. */
export type Check = (resource: PlannedResource, world: World) => Verdict[];

export interface Rule {
  id: string;
  severity: PolicySeverity;
  /** A sentence: what holds. */
  title: string;
  /** A sentence: what happens otherwise. */
  why: string;
  /** The page of AWS's documentation. */
  reference: string;
  /** The types of resources that it is asked of; null: every one. */
  types: string[] | null;
  /** Only in production, or only where data is protected. Everywhere without it. */
  only?: "production" | "protected";
  /** Which resources of the types; all without it. */
  when?: (resource: PlannedResource, world: World) => boolean;
  check: Check;
}

export const AWS = "https://docs.aws.amazon.com";

export const broken = (attribute: string, is: string, shouldBe: string): Verdict => ({
  ...{ state: "broken", attribute, is, shouldBe },
});

export const notKnown = (attribute: string, shouldBe: string, is = "known after apply"): Verdict => ({
  ...{ state: "unknown", attribute, is, shouldBe },
});

interface Expected {
  shouldBe: string;
  holds: (value: Json) => boolean;
  /** What AWS does when it is not set. */
  absent?: "broken" | "holds";
  /** What holds of a value that is known only after the apply. */
  later?: "unknown" | "holds";
}

/** An attribute has a value that holds. */
export const attribute =
  (path: string, { shouldBe, holds, absent = "broken", later = "unknown" }: Expected): Check =>
  (resource) => {
    const value = valueAt(resource, path);
    if (value.state === "unknown") return later === "holds" ? [] : [notKnown(path, shouldBe)];
    if (value.state === "absent" ? absent === "holds" : holds(value.value)) return [];
    return [broken(path, shown(resource, path), shouldBe)];
  };

const isYes = (value: Json): boolean => value === true || value === "true";
export const isTrue = (path: string): Check => attribute(path, { shouldBe: "true", holds: isYes });
export const isFalse = (path: string): Check =>
  attribute(path, { shouldBe: "false", holds: (value) => !isYes(value), absent: "holds" });
export const isOneOf = (path: string, ...allowed: Json[]): Check =>
  attribute(path, { shouldBe: allowed.join(" or "), holds: (value) => allowed.includes(value) });
export const atLeast = (path: string, least: number, absent: "broken" | "holds" = "broken"): Check =>
  attribute(path, { shouldBe: `at least ${least}`, holds: (value) => Number(value) >= least, absent });

/**
 * Somebody gave it a value; one that is made in this plan, and so is known only later, is a value too. `optional`: the
 * provider never fills it in by itself, so what comes later was written, also where a plan does not show by whom.
 */
export const isSet =
  (path: string, shouldBe = "set", { optional = false } = {}): Check =>
  (resource) => {
    const value = valueAt(resource, path);
    if (value.state === "unknown" && !optional && isInDynamicBlock(resource, path))
      return [notKnown(path, shouldBe)];
    const set =
      value.state === "unknown"
        ? optional || isWritten(resource, path)
        : value.state === "known" && !isEmpty(value.value);
    return set ? [] : [broken(path, value.state === "unknown" ? "not set" : shown(resource, path), shouldBe)];
  };

const isEmpty = (value: Json): boolean => value === "" || (Array.isArray(value) && value.length === 0);

export const all =
  (...checks: Check[]): Check =>
  (resource, world) =>
    checks.flatMap((check) => check(resource, world));

export const firstOf =
  (...checks: Check[]): Check =>
  (resource, world) => {
    const verdicts = checks.map((check) => check(resource, world));
    return verdicts.some((list) => list.length === 0) ? [] : (verdicts[0] ?? []);
  };

/** The paths of the blocks; null: how many there are is known only later. */
export const blocksAt = (resource: PlannedResource, path: string): string[] | null => {
  const count = countAt(resource, path);
  return count === null ? null : Array.from({ length: count }, (_, index) => `${path}.${index}`);
};

/** The check for each block of the names, its path inside the block; no block, nothing to say. */
export const eachBlock =
  (names: string[], check: (path: string) => Check): Check =>
  (resource, world) =>
    names.flatMap((name) => {
      const paths = blocksAt(resource, name);
      return paths === null
        ? [notKnown(name, "known")]
        : paths.flatMap((path) => check(path)(resource, world));
    });

/** Another resource of the type points at this one; `check` is asked of each that does. */
export const companion =
  (type: string, path: string, check: Check = () => []): Check =>
  (resource, world) => {
    const { found, unsure } = world.pointingAt(resource, type, path);
    if (found.length > 0) {
      const verdicts = found.map((one) => check(one, world));
      return verdicts.some((list) => list.length === 0) ? [] : (verdicts[0] ?? []);
    }
    return [unsure ? notKnown(type, "there", "known after apply") : broken(type, "none", "there")];
  };

/** No resource of these types at all. */
export const never =
  (is: string, shouldBe: string): Check =>
  (resource) => [broken(resource.type, is, shouldBe)];
