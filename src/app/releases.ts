import { AppError, isAppError } from "../domain/errors.ts";
import { LOG_FORMAT } from "../domain/log-entry.ts";
import { shortReleaseId, type Release } from "../domain/release.ts";
import { seal } from "../domain/sealed.ts";
import { readSealed } from "../engine/read-log.ts";
import type { BuildOptions } from "../ports/builder.ts";
import type { Store } from "../ports/store.ts";
import type { AppContext } from "./context.ts";

export const releaseKey = (id: string): string => `releases/${id}.json`;

/**
 * The release of the sources as they stand: the recorded one when these inputs were built before, else a new build,
 * recorded create-only. When two build the same inputs at once, the first record stands for both.
 */
export const releaseOfSources = async (
  { app, builder, store, artefacts }: AppContext,
  options: BuildOptions,
): Promise<{ release: Release; built: boolean }> => {
  const { id } = await builder.inputs(app);
  const recorded = await readRecord(store, id);
  if (recorded.type === "whole" && options.rebuild !== true)
    return { release: recorded.release, built: false };
  if (recorded.type === "damaged" && options.rebuild !== true) throw damagedRelease(id);
  const release = await builder.build(app, options);
  // A damaged record is followed by a whole one; it stays where it is, below the new one.
  if (recorded.type === "damaged") await store.replace(releaseKey(id), seal(release), recorded.etag);
  else await store.create(releaseKey(id), seal(release));
  const standing = (await readRelease(store, release.id)) ?? release;
  await Promise.all(Object.values(standing.services).map(({ tree }) => artefacts.readTree(tree)));
  return { release: standing, built: true };
};

type ReleaseRecord =
  { type: "absent" } | { type: "whole"; release: Release } | { type: "damaged"; etag: string };

export const readRecord = async (store: Store, id: string): Promise<ReleaseRecord> => {
  const stored = await store.get(releaseKey(id));
  if (stored === null) return { type: "absent" };
  const release = recordIn(stored.bytes, id);
  return release === null ? { type: "damaged", etag: stored.etag } : { type: "whole", release };
};

/** The release that a record's bytes say; null when they are damaged. */
export const recordIn = (bytes: Uint8Array, id: string): Release | null => {
  const value = readSealed(bytes, releaseKey(id)) as Release | null;
  return value?.format === LOG_FORMAT && value.id === id ? value : null;
};

const damagedRelease = (id: string): AppError =>
  new AppError("STORE_CORRUPT", `The record of release ${shortReleaseId(id)} is damaged.`, {
    hint:
      "see who needs it: switchback doctor; put it back from a copy of the store, or check out the release's commit and " +
      "record it anew: switchback release --rebuild",
    context: { key: releaseKey(id) },
  });

/** Null when there is none of that id. Throws STORE_CORRUPT for a record that is damaged. */
export const readRelease = async (store: Store, id: string): Promise<Release | null> => {
  const record = await readRecord(store, id);
  if (record.type === "damaged") throw damagedRelease(id);
  return record.type === "whole" ? record.release : null;
};

/** Newest first. A damaged record is left out: reading that one release tells. A store out of reach leaves nothing out. */
export const listReleases = async (store: Store): Promise<Release[]> => {
  const keys = await store.list("releases/");
  const read = await Promise.all(
    keys.map((key) =>
      readRelease(store, key.slice("releases/".length, -".json".length)).catch((error: unknown) => {
        if (isAppError(error, "STORE_CORRUPT") || isAppError(error, "FORMAT_TOO_NEW")) return null;
        throw error;
      }),
    ),
  );
  return read.filter((release) => release !== null).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
};

/** The release that a person means by `r-4f9c21ab07d3`, fewer digits, or the whole id. Checked to be one only. */
export const resolveRelease = async ({ store }: AppContext, reference: string): Promise<Release> => {
  const digits = reference.replace(/^r-/, "").toLowerCase();
  const keys = /^[0-9a-f]{4,64}$/.test(digits) ? await store.list("releases/") : [];
  const ids = keys
    .map((key) => key.slice("releases/".length, -".json".length))
    .filter((id) => id.startsWith(digits));
  if (ids.length === 1) return (await readRelease(store, ids[0]!))!;
  const why =
    ids.length === 0 ? `No release is called "${reference}"` : `"${reference}" fits ${ids.length} releases`;
  throw new AppError("RELEASE_UNKNOWN", `${why}.`, {
    hint:
      ids.length === 0
        ? "switchback releases"
        : `give more digits: ${ids.map((id) => id.slice(0, 16)).join(", ")}`,
  });
};
