/** A block of a Terraform file that makes or reads something, or sets a provider up. */
export interface Block {
  kind: "resource" | "data" | "provider";
  type: string;
  /** Between its braces, without comments. */
  body: string;
}

/** Without comments; a `#` inside of quotes is none. */
const plain = (text: string): string =>
  text.replaceAll(
    /("(?:\\.|[^"\\\n])*")|#[^\n]*|\/\/[^\n]*/g,
    (_all, quoted: string | undefined) => quoted ?? "",
  );

export const blocksOf = (text: string): Block[] => {
  const source = plain(text);
  return [...source.matchAll(/^(resource|data|provider)\s+"([a-z0-9_]+)"[^{\n]*\{/gm)].map((found) => {
    const start = found.index + found[0].length;
    return {
      kind: found[1] as Block["kind"],
      type: found[2]!,
      body: source.slice(start, endOf(source, start)),
    };
  });
};

const endOf = (source: string, start: number): number => {
  let depth = 1;
  for (let at = start; at < source.length; at += 1) {
    if (source[at] === "{") depth += 1;
    if (source[at] === "}" && (depth -= 1) === 0) return at;
  }
  return source.length;
};

/** Arguments and blocks of the body itself, and of its nested blocks; keys of maps (`tags = { … }`) are neither. */
const settingsOf = (body: string): [name: string, value: string][] =>
  [...body.replaceAll(/=\s*\{[^{}]*\}/g, "= {}").matchAll(/^\s*([a-z0-9_]+)\s*(?:=\s*([^\n]*)|\{)/gm)].map(
    ([, name, value]) => [name!, value?.trim() ?? "{"],
  );

/** Resources and data sources that there are no more. */
const GONE = /^aws_(opsworks_\w+|simpledb_domain|worklink_\w+|redshift_service_account)$/;

/** Arguments that are gone, renamed or only computed, by resource; `data.` before those of data sources. */
const ARGUMENTS: Record<string, string[]> = {
  aws_api_gateway_account: ["reset_on_delete"],
  aws_api_gateway_deployment: ["stage_name", "stage_description", "canary_settings"],
  aws_batch_compute_environment: ["compute_environment_name", "compute_environment_name_prefix"],
  aws_batch_job_queue: ["compute_environments"],
  aws_cloudformation_stack_set_instance: ["region"],
  aws_cloudfront_response_headers_policy: ["etag"],
  aws_config_aggregate_authorization: ["region"],
  aws_dms_endpoint: ["s3_settings"],
  aws_dx_gateway_association: ["vpn_gateway_id"],
  aws_dx_hosted_connection: ["region"],
  aws_ecs_task_definition: ["inference_accelerator"],
  aws_eip: ["vpc"],
  aws_eks_addon: ["resolve_conflicts"],
  aws_flow_log: ["log_group_name"],
  aws_guardduty_detector: ["datasources"],
  aws_guardduty_organization_configuration: ["auto_enable", "datasources"],
  aws_instance: ["cpu_core_count", "cpu_threads_per_core"],
  aws_launch_template: ["elastic_gpu_specifications", "elastic_inference_accelerator"],
  aws_networkmanager_core_network: ["base_policy_region"],
  aws_redshift_cluster: [
    "snapshot_copy",
    "logging",
    "cluster_public_key",
    "cluster_revision_number",
    "endpoint",
  ],
  aws_sagemaker_notebook_instance: ["accelerator_types"],
  aws_servicequotas_template: ["region"],
  aws_spot_instance_request: ["block_duration_minutes"],
  aws_ssm_association: ["instance_id"],
  aws_ssmincidents_replication_set: ["region"],
  "data.aws_batch_compute_environment": ["compute_environment_name"],
  "data.aws_ecs_task_execution": ["inference_accelerator_overrides"],
  "data.aws_globalaccelerator_accelerator": ["id"],
  "data.aws_identitystore_group": ["filter"],
  "data.aws_identitystore_user": ["filter"],
  "data.aws_region": ["name"],
  "data.aws_servicequotas_templates": ["region"],
  provider: ["opsworks", "simpledb", "sdb", "worklink", "s3_us_east_1_regional_endpoint"],
};

/** Booleans that may be left open: 0 and 1 are none any more. */
const BOOLEANS = new Set([
  ...["auto_minor_version_upgrade", "at_rest_encryption_enabled", "preserve_client_ip", "suspend", "audit"],
  ...["terminate_instances_on_delete", "delete_on_termination", "encrypted", "ebs_optimized", "exists"],
]);

/** What the guide says against a block; empty: nothing. */
export const judgeBlock = ({ kind, type, body }: Block): string[] => {
  if (GONE.test(type)) return [`${type} is gone`];
  const key = kind === "resource" ? type : kind === "data" ? `data.${type}` : "provider";
  const settings = settingsOf(body);
  const names = new Set(settings.map(([name]) => name));
  return [
    ...(ARGUMENTS[key] ?? []).filter((name) => names.has(name)).map((name) => `${key}: ${name} is gone`),
    ...settings
      .filter(([name, value]) => BOOLEANS.has(name) && /^"?[01]"?$/.test(value))
      .map(([name]) => `${key}: ${name} is true or false`),
    ...(type === "aws_elasticache_replication_group" &&
    names.has("auth_token") &&
    !names.has("auth_token_update_strategy")
      ? [`${key}: auth_token needs auth_token_update_strategy`]
      : []),
    ...settings
      .filter(
        ([name, value]) => /^aws_elasticache_/.test(type) && name === "engine" && /^"[^"]*[A-Z]/.test(value),
      )
      .map(() => `${key}: engine is written in lower case`),
  ];
};

/** Attributes that have another name or meaning now, wherever they are read. */
const ATTRIBUTES: [pattern: RegExp, problem: string][] = [
  [/\bdata\.aws_region\.\w+\.name\b/, "data.aws_region has no name, but id and region"],
  [
    /\baws_s3_bucket\.\w+(\[[^\]]*\])?\.region\b/,
    "aws_s3_bucket.region is where the provider looks; bucket_region is the bucket's",
  ],
  [
    /\baws_cloudfront_key_value_store\.\w+\.id\b/,
    "aws_cloudfront_key_value_store.id is the API's id, no name",
  ],
  [/\bdata\.aws_vpc_endpoint_service\.\w+\.region\b/, "data.aws_vpc_endpoint_service has service_region"],
  [
    /\bdata\.aws_vpc_peering_connection\.\w+\.region\b/,
    "data.aws_vpc_peering_connection has requester_region",
  ],
];

export const judgeText = (text: string): string[] =>
  ATTRIBUTES.filter(([pattern]) => pattern.test(plain(text))).map(([, problem]) => problem);
