import { z } from "zod";
import { DEFAULTS } from "../defaults.ts";
import * as is from "./leaves.ts";
import { optional, part, required } from "./setting.ts";

const kms = part(
  {
    anchor: "kms",
    title: "KMS key",
    intro: '`encryption` with a key of your own: `{ kmsKey: "alias/store" }`.',
  },
  { kmsKey: required(is.kmsKey, "ARN, id or alias of the KMS key.") },
);

const s3 = part(
  {
    anchor: "store",
    title: "Store",
    intro:
      '`store: "files"`, or an object with these settings: a bucket. docs/store.md has permissions, versioning, Object Lock and cost.',
  },
  {
    type: required(
      z.literal("s3"),
      "In a bucket, for everybody who may use it; credentials are found by the AWS SDK, never written here.",
    ),
    bucket: required(is.bucketName, "The bucket's name."),
    prefix: optional(is.keyPrefix, "The folder in the bucket. Two apps must not share one.", {
      defaultText: "the app's name",
    }),
    region: optional(is.region, "The bucket's AWS region.", { defaultText: "as the AWS SDK finds it" }),
    endpoint: optional(
      is.endpoint,
      "The address of another server than Amazon S3, or of a private endpoint.",
      { defaultText: "Amazon S3" },
    ),
    forcePathStyle: optional(is.flag, "Name the bucket in the path of a request, not in the host name.", {
      defaultText: "true with an `endpoint`",
    }),
    encryption: optional(
      z.union([z.enum(["bucket", "s3"]), kms]),
      "How S3 encrypts the objects: as the bucket says, with keys of S3, or with a KMS key.",
      { fallback: DEFAULTS.s3Store.encryption },
    ),
  },
);

export const store = z.union([z.enum(["files"]), s3]);
