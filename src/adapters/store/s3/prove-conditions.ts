import type { S3StoreDefinition } from "../../../domain/app-definition.ts";
import { AppError } from "../../../domain/errors.ts";
import type { S3Objects } from "./objects.ts";

const MARKER = "switchback-store.json";
const TEXT = `{"format":1,"about":"A store of Switchback. Each deployer tries to write this object anew, to see that the server refuses it."}\n`;
/** Of no object: a digest of nothing, taken backwards. */
const FOREIGN_TAG = `"e7248fce8990089e402b00f89dc8d14d"`;

/**
 * Resolves when the server refuses to create what exists and to replace what has another tag. One that takes no notice
 * of conditions would let two deployers overwrite each other's entries, silently: STORE_UNSAFE. Costs one round trip,
 * and two when the store is new.
 */
export const proveConditions = async (objects: S3Objects, settings: S3StoreDefinition): Promise<void> => {
  const body = new TextEncoder().encode(TEXT);
  const [created, replaced] = await Promise.all([
    objects.put(MARKER, body, { on: "absent" }),
    objects.put(MARKER, body, { on: { etag: FOREIGN_TAG } }),
  ]);
  if (replaced.outcome.type === "written") throw unsafe(settings, "If-Match");
  if (created.outcome.type !== "written") return;
  const again = await objects.put(MARKER, body, { on: "absent" });
  if (again.outcome.type === "written") throw unsafe(settings, "If-None-Match");
};

const unsafe = ({ endpoint, bucket }: S3StoreDefinition, header: string): AppError =>
  new AppError(
    "STORE_UNSAFE",
    `${endpoint ?? "The server"} takes no notice of ${header}: two deployers could overwrite each other's log.`,
    {
      hint: "keep the store on Amazon S3, or on a server with conditional writes: docs/store.md",
      context: { bucket, endpoint, header },
    },
  );
