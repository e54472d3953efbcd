import type { Artefacts } from "../../../ports/artefacts.ts";
import { contentType } from "../../../domain/site-path.ts";
import type { Payload } from "./aws-connection.ts";
import type { ObjectHeaders } from "./site-bucket.ts";
import type { TargetFile } from "./site-target.ts";

/** Larger files are read piece by piece while they travel. */
const WHOLE_BYTES = 1 << 20;

export const payloadOf = (artefacts: Artefacts, { sha256, bytes, inline }: TargetFile): Payload => ({
  sha256,
  bytes,
  open: () => {
    if (inline !== null) return Promise.resolve(inline);
    return bytes <= WHOLE_BYTES ? artefacts.readBlob(sha256) : artefacts.streamBlob(sha256);
  },
});

/** Named by content: kept for ever. Everything else is asked for again each time. */
export const headersOf = ({ path, hashed }: Pick<TargetFile, "path" | "hashed">): ObjectHeaders => ({
  contentType: contentType(path),
  cacheControl: hashed ? "public, max-age=31536000, immutable" : "no-cache",
});
