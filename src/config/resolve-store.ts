import type { S3StoreDefinition, StoreDefinition } from "../domain/app-definition.ts";
import type { AppConfig, S3StoreConfig } from "./app-config.ts";
import { DEFAULTS } from "./defaults.ts";

/** Apps that share a bucket have a folder each, by their names. */
export const resolveStore = ({ name, store = DEFAULTS.store }: AppConfig): StoreDefinition =>
  typeof store === "string"
    ? { type: "files" }
    : {
        type: "s3",
        bucket: store.bucket,
        prefix: `${(store.prefix ?? name).replace(/\/$/, "")}/`,
        region: store.region ?? null,
        endpoint: store.endpoint?.replace(/\/$/, "") ?? null,
        // A server of one's own rarely answers to the names of its buckets.
        forcePathStyle: store.forcePathStyle ?? store.endpoint !== undefined,
        encryption: resolveEncryption(store.encryption ?? DEFAULTS.s3Store.encryption),
      };

const resolveEncryption = (
  encryption: NonNullable<S3StoreConfig["encryption"]>,
): S3StoreDefinition["encryption"] =>
  typeof encryption === "string" ? { type: encryption } : { type: "kms", key: encryption.kmsKey };
