import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { S3StoreDefinition } from "../../../domain/app-definition.ts";
import { call, CallFailed, type CallDeps, type Called } from "./call.ts";
import { isBusy, judge } from "./judge.ts";
import { translate, type Action } from "./translate.ts";

/** "absent": only when there is no such object; else only when its tag is this one. */
export type Condition = "absent" | { etag: string };

export interface S3Object {
  body: Uint8Array;
  metadata: Record<string, string> | undefined;
  etag: string;
}

export interface Put {
  /** "busy": other writes of the key went on all the time, and nothing was decided. */
  outcome: { type: "written"; etag: string } | { type: "refused" } | { type: "busy"; error: Error };
  /** More than one: an earlier try may have written, with its answer lost. */
  attempts: number;
}

/** The bucket's objects below the prefix. Every call is bounded by its budget, and throws AppErrors. */
export interface S3Objects {
  get(key: string): Promise<S3Object | null>;
  put(key: string, body: Uint8Array, how: { on: Condition; metadata?: Record<string, string> }): Promise<Put>;
  /** Names directly below a folder; folders themselves are left out. */
  list(folder: string): Promise<string[]>;
}

export const makeObjects = (client: S3Client, settings: S3StoreDefinition, deps: CallDeps): S3Objects => {
  const { bucket, prefix } = settings;

  /** Looks for credentials first, so that a chain that hangs is told apart from a server that does. */
  const ask = async <T>(
    about: { action: Action; key: string },
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<Called<T>> => {
    let stage: "credentials" | "request" = "credentials";
    try {
      return await call(deps, async (signal) => {
        stage = "credentials";
        await client.config.credentials();
        stage = "request";
        return attempt(signal);
      });
    } catch (error) {
      throw translate(error as CallFailed, { ...about, stage, settings });
    }
  };

  const get = async (key: string): Promise<S3Object | null> => {
    const Key = prefix + key;
    const asked = await ask({ action: "s3:GetObject", key: Key }, (signal) =>
      client
        .send(new GetObjectCommand({ Bucket: bucket, Key, ChecksumMode: "ENABLED" }), { abortSignal: signal })
        .then(async ({ Body, Metadata, ETag }) => {
          const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
          return { body, metadata: Metadata, etag: ETag ?? "" };
        })
        .catch((error: unknown) => {
          if (judge(error) === "absent") return null;
          throw error;
        }),
    );
    return asked.value;
  };

  const put: S3Objects["put"] = async (key, body, { on, metadata }) => {
    const Key = prefix + key;
    const input: PutObjectCommandInput = {
      Bucket: bucket,
      Key,
      Body: body,
      ContentType: "application/json",
      // Beside the chain of hashes: HeadObject tells an entry's sha256 without reading it.
      ChecksumAlgorithm: "SHA256",
      ...(on === "absent" ? { IfNoneMatch: "*" } : { IfMatch: on.etag }),
      ...(metadata === undefined ? {} : { Metadata: metadata }),
      ...encryptionOf(settings),
    };
    const { value, attempts } = await ask({ action: "s3:PutObject", key: Key }, (signal) =>
      client
        .send(new PutObjectCommand(input), { abortSignal: signal })
        .then(({ ETag }): Put["outcome"] => ({ type: "written", etag: ETag ?? "" }))
        .catch((error: unknown): Put["outcome"] => {
          const judged = judge(error);
          // Absent: `If-Match` met no object at all.
          if (judged === "refused" || (judged === "absent" && on !== "absent")) return { type: "refused" };
          throw error;
        }),
    ).catch((error: unknown) => {
      // Translated by now; S3's own word is below it.
      const failed = (error as Error).cause;
      if (!(failed instanceof CallFailed) || !isBusy(failed.cause)) throw error;
      return { value: { type: "busy" as const, error: error as Error }, attempts: failed.attempts };
    });
    return { outcome: value, attempts };
  };

  const list = async (folder: string): Promise<string[]> => {
    const Prefix = prefix + folder;
    const names: string[] = [];
    let next: string | undefined;
    do {
      const page = await ask({ action: "s3:ListBucket", key: Prefix }, (signal) =>
        client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix, Delimiter: "/", ContinuationToken: next }),
          { abortSignal: signal },
        ),
      );
      names.push(...(page.value.Contents ?? []).map(({ Key = "" }) => Key.slice(Prefix.length)));
      next = page.value.IsTruncated === true ? page.value.NextContinuationToken : undefined;
    } while (next !== undefined);
    return names;
  };

  return { get, put, list };
};

/** Nothing is said unless it is configured: the bucket encrypts by itself, and its own key would be overruled. */
const encryptionOf = ({ encryption }: S3StoreDefinition): Partial<PutObjectCommandInput> => {
  switch (encryption.type) {
    case "bucket":
      return {};
    case "s3":
      return { ServerSideEncryption: "AES256" };
    case "kms":
      return { ServerSideEncryption: "aws:kms", SSEKMSKeyId: encryption.key, BucketKeyEnabled: true };
  }
};
