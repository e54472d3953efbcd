import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { S3StoreDefinition } from "../../../domain/app-definition.ts";
import type { CallBudget } from "./call.ts";

/**
 * Credentials come from the SDK's own chain (environment, profile, single sign-on, role) and are renewed by it. Retries
 * are `call`'s alone.
 */
export const makeClient = (
  settings: S3StoreDefinition,
  budget: CallBudget,
  credentials: S3ClientConfig["credentials"],
): S3Client =>
  new S3Client({
    ...(settings.region === null ? {} : { region: settings.region }),
    ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: settings.forcePathStyle,
    // A bucket elsewhere is a wrong setting: following would hide it and cost a round trip in every command.
    followRegionRedirects: false,
    maxAttempts: 1,
    // Object Lock takes no upload without a checksum.
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_SUPPORTED",
    requestHandler: {
      connectionTimeout: budget.connectMs,
      requestTimeout: budget.attemptMs,
      throwOnRequestTimeout: true,
      socketTimeout: budget.attemptMs,
    },
  });
