import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Digest } from "../../../domain/digest.ts";
import { AppError } from "../../../domain/errors.ts";
import type { SiteSpec } from "../../../domain/revision.ts";

export interface Serving {
  spec: SiteSpec;
  release: Digest;
}

/**
 * What is known of a site's objects, kept beside them, so that no bucket is ever listed. Two things keep it true whenever
 * a run ends: a path gets into `unsettled` before its object is changed, and out of `files` before its object is deleted.
 */
export interface Ledger {
  site: string;
  /** The highest that has written. */
  epoch: number;
  serving: Serving | null;
  /** Objects that browsers can ask for, by the site's paths. */
  files: Map<string, Digest>;
  /** Of them, immutable ones that the serving release has not: since when, in ms. */
  old: Map<string, number>;
  /** Contents of mutable files, kept for rollbacks, and when each was last part of what served or was staged. */
  kept: Map<Digest, number>;
  /** Paths whose object may be another than `files` says. */
  unsettled: Set<string>;
  /** Keys that are being deleted. */
  doomed: Set<string>;
}

export const emptyLedger = (site: string): Ledger => ({
  site,
  epoch: 0,
  serving: null,
  files: new Map(),
  old: new Map(),
  kept: new Map(),
  unsettled: new Set(),
  doomed: new Set(),
});

export const copyOf = (ledger: Ledger): Ledger => ({
  ...ledger,
  files: new Map(ledger.files),
  old: new Map(ledger.old),
  kept: new Map(ledger.kept),
  unsettled: new Set(ledger.unsettled),
  doomed: new Set(ledger.doomed),
});

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.number().nonnegative();
const stored = z.object({
  format: z.literal(1),
  site: z.string(),
  write: z.string(),
  epoch: z.number().int().nonnegative(),
  serving: z
    .object({
      release: digest,
      spec: z.object({
        site: z.string(),
        tree: digest,
        route: z.string(),
        fallback: z.string(),
        settings: z.record(z.string(), z.string()),
      }),
    })
    .nullable(),
  files: z.array(z.tuple([z.string(), digest])),
  old: z.array(z.tuple([z.string(), time])),
  kept: z.array(z.tuple([digest, time])),
  unsettled: z.array(z.string()),
  doomed: z.array(z.string()),
});

/** Bytes that no other write has: an ETag stands for bytes, so equal ones would bring a stale tag back to life. */
export const encodeLedger = (ledger: Ledger): { bytes: Buffer; write: string } => {
  const write = randomBytes(12).toString("hex");
  const { site, epoch, serving, files, old, kept, unsettled, doomed } = ledger;
  const value = {
    format: 1,
    site,
    write,
    epoch,
    serving,
    files: [...files],
    old: [...old],
    kept: [...kept],
    unsettled: [...unsettled],
    doomed: [...doomed],
  };
  return { bytes: Buffer.from(JSON.stringify(value)), write };
};

/** Null when the bytes are no ledger of this site. Throws FORMAT_TOO_NEW. */
export const decodeLedger = (bytes: Buffer, site: string): { ledger: Ledger; write: string } | null => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    // Not JSON at all: as damaged as JSON of another shape.
    return null;
  }
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === "number" && format > 1)
    throw new AppError(
      "FORMAT_TOO_NEW",
      `The record of the site ${site} in its bucket has format ${format}.`,
      {
        hint: "upgrade Switchback to publish it",
        context: { site, format },
      },
    );
  const parsed = stored.safeParse(value);
  if (!parsed.success || parsed.data.site !== site) return null;
  const { write, epoch, serving, files, old, kept, unsettled, doomed } = parsed.data;
  return {
    write,
    ledger: {
      site,
      epoch,
      serving,
      files: new Map(files),
      old: new Map(old),
      kept: new Map(kept),
      unsettled: new Set(unsettled),
      doomed: new Set(doomed),
    },
  };
};
