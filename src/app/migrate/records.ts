import { sha256, type Digest } from "../../domain/digest.ts";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import { seal } from "../../domain/sealed.ts";
import { readSealed } from "../../engine/read-log.ts";
import type { Store } from "../../ports/store.ts";

/** A rehearsal as it stands in the store, and the digest of its bytes. */
export interface RecordedRehearsal {
  rehearsal: Rehearsal;
  digest: Digest;
}

const rehearsalKey = (key: Digest): string => `rehearsals/${key}.json`;
const schemaKey = (digest: Digest): string => `rehearsals/schemas/${digest}.json`;
/** The first rehearsal of a pair, in any environment. */
const pairKey = (from: Digest, to: Digest): string => `rehearsals/pairs/${from}/${to}.json`;
/** The schema with which a release's own migrations end. */
const endKey = (release: Digest): string => `rehearsals/ends/${release}.json`;

/** Null when there is none, or when it is damaged: it is rehearsed again then, and stands beside it under no other key. */
export const readRehearsal = async (store: Store, key: Digest): Promise<RecordedRehearsal | null> => {
  const stored = await store.get(rehearsalKey(key));
  const value = stored === null ? null : (readSealed(stored.bytes, rehearsalKey(key)) as Rehearsal | null);
  return value === null || stored === null || value.key !== key
    ? null
    : { rehearsal: value, digest: sha256(stored.bytes) };
};

/** Create-only. What proved nothing is not kept: the next look may find what was missing. */
export const saveRehearsal = async (store: Store, rehearsal: Rehearsal): Promise<RecordedRehearsal> => {
  const bytes = seal(rehearsal);
  if (rehearsal.verdict !== "cannot-rehearse") {
    await store.create(rehearsalKey(rehearsal.key), bytes);
    await point(store, rehearsal);
  }
  return (await readRehearsal(store, rehearsal.key)) ?? { rehearsal, digest: sha256(bytes) };
};

const point = async (store: Store, { from, to, key, schema }: Rehearsal): Promise<void> => {
  if (from !== null) await store.create(pairKey(from, to), seal({ format: 1, key }));
  if (schema !== null) await store.create(endKey(to), seal({ format: 1, schema }));
};

/** The rehearsal that was made first of this pair of releases; null: none was. */
export const rehearsalOfPair = async (
  store: Store,
  { from, to }: { from: Digest; to: Digest },
): Promise<RecordedRehearsal | null> => {
  const key = await pointedAt(store, pairKey(from, to), "key");
  return key === null ? null : readRehearsal(store, key);
};

/** The schema with which the rehearsal of this release ended, as it was recorded. */
export const schemaOf = async (store: Store, release: Digest): Promise<unknown> => {
  const digest = await pointedAt(store, endKey(release), "schema");
  const stored = digest === null ? null : await store.get(schemaKey(digest));
  const value = stored === null ? null : readSealed(stored.bytes, schemaKey(digest!));
  return value?.["script"] ?? null;
};

export const saveSchema = async (store: Store, script: object): Promise<Digest> => {
  const bytes = seal({ format: 1, script });
  const digest = sha256(bytes);
  await store.create(schemaKey(digest), bytes);
  return digest;
};

const pointedAt = async (store: Store, key: string, member: string): Promise<Digest | null> => {
  const stored = await store.get(key);
  const value = stored === null ? null : readSealed(stored.bytes, key);
  return typeof value?.[member] === "string" ? value[member] : null;
};

/** All that are whole, in no order. */
export const listRehearsals = async (store: Store): Promise<Rehearsal[]> => {
  const keys = (await store.list("rehearsals/")).filter((key) =>
    /^rehearsals\/[0-9a-f]{64}\.json$/.test(key),
  );
  const read = await Promise.all(
    keys.map((key) => readRehearsal(store, key.slice("rehearsals/".length, -".json".length))),
  );
  return read.flatMap((one) => (one === null ? [] : [one.rehearsal]));
};
