import type { PlannedResource } from "./planned-resource.ts";
import type { World } from "./world.ts";

const WRITERS: [type: string, path: string][] = [
  ["aws_lb", "access_logs.0.bucket"],
  ["aws_s3_bucket_logging", "target_bucket"],
  ["aws_cloudfront_distribution", "logging_config.0.bucket"],
  ["aws_flow_log", "log_destination"],
  ["aws_wafv2_web_acl_logging_configuration", "log_destination_configs"],
  [
    "aws_cloudwatch_log_delivery_destination",
    "delivery_destination_configuration.0.destination_resource_arn",
  ],
];

/** A bucket that AWS services write their logs to: they add and never change, and a log of it would log itself. */
export const isLogBucket = (bucket: PlannedResource, world: World): boolean =>
  WRITERS.some(([type, path]) => world.pointingAt(bucket, type, path).found.length > 0);
