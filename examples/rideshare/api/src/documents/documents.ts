import { createHash } from "node:crypto";
import { AppError } from "../app-error.ts";
import type { Queryable } from "../database/pool.ts";
import type { Bucket } from "./bucket.ts";
import { sniffImage } from "./image-type.ts";

export type DocumentKind = "photo" | "licence";

export interface StoredDocument {
  contentType: string;
  sha256: string;
  read(): Promise<Buffer>;
}

export interface Documents {
  /** Replaces the driver's document. A reader sees the old or the new one, whole. Throws UNSUPPORTED_TYPE. */
  put(driverId: string, kind: DocumentKind, bytes: Buffer): Promise<void>;
  /** Throws NOT_FOUND. */
  get(driverId: string, kind: DocumentKind): Promise<StoredDocument>;
}

export const makeDocuments = (database: Queryable, bucket: Bucket): Documents => ({
  async put(driverId, kind, bytes) {
    const type = sniffImage(bytes);
    if (!type) throw new AppError("UNSUPPORTED_TYPE", "The file is not a JPEG, PNG or WebP image.");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    // Named by content: the row switches from one whole object to another, and a retry writes the same one.
    const key = `drivers/${driverId}/${kind}-${sha256.slice(0, 32)}.${type.extension}`;
    const disk = await bucket();
    await disk.put(key, bytes, { contentType: type.mime });
    const { rows } = await database.query<{ object_key: string | null }>(
      `with before as (select object_key from driver_documents where driver_id = $1 and kind = $2)
       insert into driver_documents (driver_id, kind, object_key, content_type, sha256)
       values ($1, $2, $3, $4, $5)
       on conflict (driver_id, kind) do update
         set object_key = $3, content_type = $4, sha256 = $5, uploaded_at = now()
       returning (select object_key from before)`,
      [driverId, kind, key, type.mime, sha256],
    );
    const old = rows[0]?.object_key;
    // An object left behind costs a little room and nothing else: not worth failing the upload.
    if (old && old !== key) await disk.delete(old).catch(() => {});
  },
  async get(driverId, kind) {
    const { rows } = await database.query<{ object_key: string; content_type: string; sha256: string }>(
      "select object_key, content_type, sha256 from driver_documents where driver_id = $1 and kind = $2",
      [driverId, kind],
    );
    const row = rows[0];
    if (!row) throw new AppError("NOT_FOUND", `This driver has no ${kind}.`);
    return {
      contentType: row.content_type,
      sha256: row.sha256,
      read: async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of await (await bucket()).getStream(row.object_key))
          chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      },
    };
  },
});
