import { AppError } from "../../../domain/errors.ts";
import { bytesPayload } from "./aws-connection.ts";
import { decodeLedger, emptyLedger, encodeLedger, type Ledger } from "./ledger.ts";
import type { SiteBucket } from "./site-bucket.ts";

/** The ledger as it stands, and the tag to replace it by. */
export interface Standing {
  ledger: Ledger;
  etag: string | null;
  /** There was something, and it could not be read: everything counts as unknown, and is sent again. */
  damaged: boolean;
}

export interface LedgerStore {
  read(signal: AbortSignal): Promise<Standing>;
  /** Replaces only what was read; otherwise FENCED: another deployer wrote in between, and what it did stands. */
  write(ledger: Ledger, before: Standing, signal: AbortSignal): Promise<Standing>;
}

const HEADERS = { contentType: "application/json", cacheControl: "no-store" };

export const makeLedgerStore = (
  bucket: SiteBucket,
  { key, site }: { key: string; site: string },
): LedgerStore => ({
  read: async (signal) => {
    const found = await bucket.get(key, signal);
    if (found === null) return { ledger: emptyLedger(site), etag: null, damaged: false };
    const decoded = decodeLedger(found.bytes, site);
    return { ledger: decoded?.ledger ?? emptyLedger(site), etag: found.etag, damaged: decoded === null };
  },
  write: async (ledger, { etag }, signal) => {
    const { bytes, write } = encodeLedger(ledger);
    const payload = bytesPayload(bytes);
    const written = await bucket.replace(key, { payload, headers: HEADERS, etag }, signal);
    if (written !== "refused") return { ledger, etag: written.etag, damaged: false };
    // An answer that got lost, and a second try that met the first one's work.
    const standing = await bucket.get(key, signal);
    if (standing !== null && decodeLedger(standing.bytes, site)?.write === write)
      return { ledger, etag: standing.etag, damaged: false };
    throw new AppError("FENCED", `Another deployer published the site ${site} in between.`, {
      hint: "see what it did: switchback status",
      context: { site, bucket: bucket.name, key },
    });
  },
});
