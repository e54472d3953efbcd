import { AppError } from "../domain/errors.ts";
import type { ResourceChange } from "./plan-change.ts";
import { removalOf, REMOVALS } from "./removal-effects.ts";

/** A change that stops an apply until a person types the resource's name. */
export interface Danger {
  address: string;
  type: string;
  kind: "data" | "service";
  action: "destroy" | "replace" | "update";
  /** What has to be typed: the resource's own name, or its address where it has none. */
  name: string;
  /** What is lost, as one phrase. */
  loss: string;
  /** Attributes that force the replacement, or whose change does the harm. */
  because: string[];
  /** A service that goes as a whole is asked for once: these go with it. */
  takes: string[];
}

/**
 * Every change that destroys or replaces data, or takes the service down. Pure. A replacement that makes the new one first
 * takes nothing down; data is lost by it all the same.
 */
export const dangersOf = (changes: readonly ResourceChange[]): Danger[] => {
  const all = changes.flatMap((change) => dangerOf(change) ?? []).sort(byWeight);
  const services = all.filter(({ type, action }) => type === "aws_ecs_service" && action === "destroy");
  const moduleOf = new Map(changes.map(({ address, module }) => [address, module]));
  const leads = (danger: Danger): Danger | undefined =>
    danger.kind === "data"
      ? undefined
      : services.find(
          ({ address }) =>
            address !== danger.address &&
            moduleOf.get(address) !== "" &&
            moduleOf.get(address) === moduleOf.get(danger.address),
        );
  return all
    .filter((danger) => danger.type === "aws_ecs_service" || leads(danger) === undefined)
    .map((danger) =>
      services.includes(danger)
        ? {
            ...danger,
            takes: all
              .filter((one) => leads(one) === danger && !services.includes(one))
              .map(({ address }) => address),
          }
        : danger,
    );
};

/** As the table of removals has it: what cannot be had back first, a database before a log. */
const byWeight = (a: Danger, b: Danger): number =>
  a.kind === b.kind
    ? TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || (a.address < b.address ? -1 : 1)
    : a.kind === "data"
      ? -1
      : 1;
const TYPES = Object.keys(REMOVALS);

const dangerOf = (change: ResourceChange): Danger | null => {
  const { address, type, action, before, attributes, resourceName, order } = change;
  const base = { address, type, name: resourceName ?? address, takes: [] };
  if (action === "update") {
    const harm = harmfulUpdate(change);
    return harm === null ? null : { ...base, ...harm, action };
  }
  if ((action !== "destroy" && action !== "replace") || change.mode === "data") return null;
  const removal = removalOf(type, before);
  if (removal === null || removal.kind === "traffic") return null;
  const { kind, loss } = removal;
  if (kind === "service" && order === "create first") return null;
  const because = attributes.filter(({ forcesReplacement }) => forcesReplacement).map(({ path }) => path);
  return {
    ...base,
    kind,
    action,
    loss: action === "replace" && kind === "service" ? removal.replaced : loss,
    because,
  };
};

type Harm = Pick<Danger, "kind" | "loss" | "because">;

/** Updates that do what a removal does. */
const UPDATES: { types: string[]; attribute: string; to: unknown; kind: Danger["kind"]; loss: string }[] = [
  {
    types: ["aws_db_instance", "aws_rds_cluster"],
    attribute: "backup_retention_period",
    to: 0,
    kind: "data",
    loss: "deletes all automated backups",
  },
  {
    types: ["aws_kms_key"],
    attribute: "is_enabled",
    to: false,
    kind: "data",
    loss: "makes everything that the key encrypts unreadable",
  },
  {
    types: ["aws_ecs_service"],
    attribute: "desired_count",
    to: 0,
    kind: "service",
    loss: "stops every task of the service",
  },
  {
    types: ["aws_cloudfront_distribution"],
    attribute: "enabled",
    to: false,
    kind: "service",
    loss: "the site is no longer served",
  },
];

const harmfulUpdate = ({ type, before, after, attributes }: ResourceChange): Harm | null => {
  for (const { types, attribute, to, kind, loss } of UPDATES)
    if (
      types.includes(type) &&
      after?.[attribute] === to &&
      before?.[attribute] !== to &&
      attributes.some(({ path }) => path === attribute)
    )
      return { kind, loss, because: [attribute] };
  return null;
};

/**
 * The dangers that `allowed` does not name. An address counts where it is written exactly; one that fits no danger of this
 * plan is INFRA_ALLOW_STALE, as it was meant for another plan.
 */
export const refusedDangers = (dangers: readonly Danger[], allowed: readonly string[]): Danger[] => {
  const known = new Set(dangers.map(({ address }) => address));
  const stale = allowed.filter((address) => !known.has(address));
  if (stale.length > 0)
    throw new AppError(
      "INFRA_ALLOW_STALE",
      `--allow-destroy names ${stale.join(", ")}, and this plan destroys nothing of that address.`,
      {
        hint:
          dangers.length === 0
            ? "leave it away: the plan destroys nothing that matters"
            : `the plan's are: ${[...known].join(", ")}`,
        context: { stale, dangers: [...known] },
      },
    );
  return dangers.filter(({ address }) => !allowed.includes(address));
};
