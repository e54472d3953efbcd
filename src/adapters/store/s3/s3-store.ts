import type { S3ClientConfig } from "@aws-sdk/client-s3";
import type { S3StoreDefinition } from "../../../domain/app-definition.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Store, Stored } from "../../../ports/store.ts";
import { checkedKey, checkedPrefix } from "../store-key.ts";
import { CALL_BUDGET, type CallBudget } from "./call.ts";
import { makeClient } from "./client.ts";
import { frame, unframe } from "./frame.ts";
import { makeObjects } from "./objects.ts";
import { proveConditions } from "./prove-conditions.ts";

export interface S3StoreDeps {
  clock: Clock;
  /** 0 to 1: spreads the waits between tries. */
  random?: () => number;
  budget?: CallBudget;
  /** Instead of the SDK's default chain. */
  credentials?: S3ClientConfig["credentials"];
}

/**
 * A Store in a bucket, by conditional writes. One round trip a call; a process that writes spends one more, before its
 * first write, to see that this server refuses what a condition forbids (STORE_UNSAFE). Objects are never deleted, and
 * created ones are stored byte for byte; see `frame.ts` for replaced ones. Lost answers: a create that happened unseen
 * reads as "exists", as the port says; a replace finds its own write by the line that no other has.
 * Throws STORE_UNREACHABLE, STORE_BUCKET, STORE_DENIED, AWS_CREDENTIALS.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export const makeS3Store = (settings: S3StoreDefinition, deps: S3StoreDeps): Store => {
  const { clock, random = Math.random, budget = CALL_BUDGET } = deps;
  const client = makeClient(settings, budget, deps.credentials);
  const objects = makeObjects(client, settings, { clock, random, budget });
  let proved: Promise<void> | null = null;
  const conditionsHold = (): Promise<void> =>
    (proved ??= proveConditions(objects, settings).catch((error: unknown) => {
      proved = null;
      throw error;
    }));

  const get = async (key: string): Promise<Stored | null> => {
    const object = await objects.get(checkedKey(key));
    return object && { bytes: unframe(object.body, object.metadata), etag: object.etag };
  };

  const create = async (key: string, bytes: Uint8Array): Promise<"created" | "exists"> => {
    checkedKey(key);
    await conditionsHold();
    const { outcome } = await objects.put(key, bytes, { on: "absent" });
    switch (outcome.type) {
      case "written":
        return "created";
      case "refused":
        return "exists";
      case "busy":
        // Others fight for the key. Whoever stands there has it; if nobody does, nobody knows.
        if ((await objects.get(key)) !== null) return "exists";
        throw outcome.error;
    }
  };

  const replace = async (key: string, bytes: Uint8Array, etag: string | null) => {
    checkedKey(key);
    await conditionsHold();
    const { body, metadata } = frame(bytes);
    const { outcome, attempts } = await objects.put(key, body, {
      on: etag === null ? "absent" : { etag },
      metadata,
    });
    if (outcome.type === "written") return { etag: outcome.etag };
    if (outcome.type === "refused" && attempts === 1) return "conflict" as const;
    const standing = await objects.get(key);
    if (standing !== null && Buffer.compare(standing.body, body) === 0) return { etag: standing.etag };
    if (outcome.type === "refused" || (standing?.etag ?? null) !== etag) return "conflict" as const;
    throw outcome.error;
  };

  const list = async (prefix: string): Promise<string[]> => {
    const names = await objects.list(checkedPrefix(prefix));
    // A console makes an object of the folder's own name.
    return names
      .filter((name) => name !== "" && !name.startsWith("."))
      .map((name) => prefix + name)
      .sort();
  };

  return { get, create, replace, list };
};
