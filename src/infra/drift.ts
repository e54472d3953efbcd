import { shownText } from "./attribute-changes.ts";
import { isEmpty } from "./plain-json.ts";
import type { InfraPlan, ResourceChange } from "./plan-change.ts";

/** One difference between what Terraform last knew and what is there. */
export interface Drift {
  address: string;
  /** Null: the resource as a whole. */
  attribute: string | null;
  was: string;
  is: string;
}

/** What a release changes is the deployer's: no drift. */
const OF_A_RELEASE: Readonly<Record<string, string[]>> = {
  aws_ecs_service: ["task_definition", "desired_count", "load_balancer"],
  aws_lb_listener_rule: ["action"],
  aws_lb_listener: ["default_action"],
};

/** What AWS counts and stamps by itself, and nobody sets. */
const OF_THE_PROVIDER: Readonly<Record<string, string[]>> = {
  aws_db_instance: ["latest_restorable_time", "status", "engine_version_actual", "resource_id", "replicas"],
  aws_rds_cluster: ["latest_restorable_time", "cluster_members"],
  aws_cloudfront_distribution: ["etag", "last_modified_time", "status", "in_progress_validation_batches"],
  aws_cloudfront_function: ["etag", "live_stage_etag", "status"],
  aws_acm_certificate: ["renewal_summary", "pending_renewal", "not_after", "not_before", "status"],
  aws_autoscaling_group: ["desired_capacity"],
  aws_appautoscaling_target: ["min_capacity_actual"],
  aws_ecs_cluster: ["capacity_providers_status"],
  aws_s3_object: ["etag", "version_id"],
  aws_wafv2_web_acl: ["lock_token", "capacity"],
  aws_ecr_repository: ["image_count"],
  aws_kms_key: ["rotation_period_in_days"],
  aws_secretsmanager_secret: ["last_accessed_date"],
  aws_iam_role: ["unique_id"],
};

/** A provider's later word for what was written down before: no one changed it. */
const EVERYWHERE = ["tags_all", "arn", "owner_id", "version_stages"];

/**
 * What a plan found changed outside of Terraform. Left out: what a release changes, what AWS stamps by itself,
 * nothing against empty, and the lists of the security groups in `apart`, whose rules are compared one by one
 * (`foreignRules`).
 */
export const driftOf = (plan: InfraPlan, apart: ReadonlySet<string> = new Set()): Drift[] =>
  plan.drift.flatMap((change) => driftOfResource(change, apart));

/**
 * Whether the plan would put this back. What it would leave is no drift: attributes that AWS fills in, or that another
 * resource manages, are written down anew by every plan.
 */
export const isUndoneBy =
  ({ changes }: InfraPlan) =>
  ({ address, attribute }: Drift): boolean => {
    const change = changes.find((one) => one.address === address);
    if (change === undefined) return false;
    if (attribute === null || change.attributes.length === 0) return true;
    return change.attributes.some(({ path }) => isWithin(path, attribute) || isWithin(attribute, path));
  };

const driftOfResource = (change: ResourceChange, apart: ReadonlySet<string>): Drift[] => {
  const { address, action, type, attributes, resourceName } = change;
  if (action === "destroy" || action === "forget")
    return [{ address, attribute: null, was: resourceName ?? "there", is: "gone" }];
  const seen = attributes.filter(
    ({ path, before, after }) =>
      !owned(OF_A_RELEASE, type, path) &&
      !owned(OF_THE_PROVIDER, type, path) &&
      !EVERYWHERE.some((one) => isWithin(path, one)) &&
      !(apart.has(address) && /^(in|e)gress\b/.test(path)) &&
      !(isNothing(before) && isNothing(after)),
  );
  return seen.map(({ path, before, after }) => ({
    address,
    attribute: path,
    was: shownText(before),
    is: shownText(after),
  }));
};

const owned = (table: Readonly<Record<string, string[]>>, type: string, path: string): boolean =>
  (Object.hasOwn(table, type) ? table[type]! : []).some((one) => isWithin(path, one));

const isWithin = (path: string, owner: string): boolean =>
  path === owner || path.startsWith(`${owner}.`) || path.startsWith(`${owner}[`);

const EMPTY = new Set(["null", '""', "[]", "{}"]);

const isNothing = (value: Parameters<typeof shownText>[0]): boolean =>
  value.kind === "absent" ||
  (value.kind === "value" && (EMPTY.has(value.text) || isEmpty(parsed(value.text))));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
