import type { MakeGap } from "../gap.ts";
import { makeAutoscaling } from "./autoscaling.ts";
import { makeCloudfront } from "./cloudfront.ts";
import { makeCloudwatch } from "./cloudwatch.ts";
import { makeEc2 } from "./ec2.ts";
import { makeEcs } from "./ecs.ts";
import { makeElasticache } from "./elasticache.ts";
import { makeKms } from "./kms.ts";
import { makeLogs } from "./logs.ts";
import { makeRds } from "./rds.ts";
import { makeS3 } from "./s3.ts";
import { makeXray } from "./xray.ts";

/** One file a service. */
export const GAPS: MakeGap[] = [
  makeAutoscaling,
  makeCloudfront,
  makeCloudwatch,
  makeEc2,
  makeEcs,
  makeElasticache,
  makeKms,
  makeLogs,
  makeRds,
  makeS3,
  makeXray,
];
