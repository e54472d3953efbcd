import { expect, test } from "vitest";
import type { Problem } from "./problem.ts";
import { fullConfig, problemsIn, withValue } from "./testbed.ts";

type Row = [at: string, value: unknown, expected: Partial<Problem> & { path: string }];

const says = (message: string): string => expect.stringContaining(message) as string;
const docs = (anchor: string): string => `docs/config.md#${anchor}`;

const ROWS: Row[] = [
  [
    "store",
    "s3",
    {
      path: "store",
      found: '"s3"',
      message: says('must be "files", or an object with type, bucket'),
      docs: docs("store"),
    },
  ],
  [
    "store",
    { type: "gcs", bucket: "shop-store" },
    { path: "store.type", message: says('must be "s3"'), docs: docs("store") },
  ],
  ["store.bucket", undefined, { path: "store.bucket", message: says("is required: the name of a bucket") }],
  [
    "store.bucket",
    "Shop_Store",
    { path: "store.bucket", message: says("the name of a bucket"), docs: docs("store") },
  ],
  ["store.bucket", "192.168.0.1", { path: "store.bucket", message: says("the name of a bucket") }],
  ["store.prefix", "/logs", { path: "store.prefix", message: says("a folder of keys") }],
  ["store.prefix", "a/../b", { path: "store.prefix", message: says("a folder of keys") }],
  [
    "store.region",
    "Stockholm",
    { path: "store.region", message: says('an AWS region, such as "eu-north-1"') },
  ],
  ["store.endpoint", "s3.example.com", { path: "store.endpoint", message: says("the address of a server") }],
  [
    "store.endpoint",
    "https://key:secret@s3.example.com",
    { path: "store.endpoint", message: says("without credentials"), docs: docs("store") },
  ],
  ["store.forcePathStyle", "yes", { path: "store.forcePathStyle", message: "must be true or false" }],
  ["store.encryption", "kms", { path: "store.encryption", allowed: ["bucket", "s3"] }],
  [
    "store.encryption",
    { kmsKey: "" },
    { path: "store.encryption.kmsKey", message: says("a KMS key"), docs: docs("kms") },
  ],
  [
    "store.encryption",
    { kmsKey: "x", key: "y" },
    { path: "store.encryption.key", message: "is not a setting", allowed: ["kmsKey"] },
  ],
  [
    "store.accessKeyId",
    "AKIAIOSFODNN7EXAMPLE",
    {
      path: "store.accessKeyId",
      message: "is not a setting",
      allowed: ["type", "bucket", "prefix", "region", "endpoint", "forcePathStyle", "encryption"],
    },
  ],
];

test.each(ROWS)("%s = %j is the only problem, and is explained", (at, value, expected) => {
  expect(problemsIn(withValue(fullConfig(), at, value))).toEqual([expect.objectContaining(expected)]);
});
