import { CALL_BUDGET, type CallBudget } from "../../src/adapters/store/s3/call.ts";
import { makeS3Store } from "../../src/adapters/store/s3/s3-store.ts";
import type { S3StoreDefinition } from "../../src/domain/app-definition.ts";
import type { Store } from "../../src/ports/store.ts";
import { CREDENTIALS, REGION } from "./moto.ts";
import { systemClock } from "./system-clock.ts";

/** What makes a bucket outside us-east-1. */
export const ELSEWHERE = { CreateBucketConfiguration: { LocationConstraint: REGION } } as const;

export const s3Settings = (change: Partial<S3StoreDefinition>): S3StoreDefinition => ({
  type: "s3",
  bucket: "store",
  prefix: "",
  region: REGION,
  endpoint: null,
  forcePathStyle: true,
  encryption: { type: "bucket" },
  ...change,
});

export const openS3 = (change: Partial<S3StoreDefinition>, budget: Partial<CallBudget> = {}): Store =>
  makeS3Store(s3Settings(change), {
    clock: systemClock,
    budget: { ...CALL_BUDGET, ...budget },
    credentials: CREDENTIALS,
  });
