import { isStrong } from "./lock-modes.ts";
import type { Sight } from "./recorder.ts";
import type { LockMode } from "./types.ts";

const FIRST_OF_THE_APP = 16_384;

const HIGHEST =
  "(SELECT pg_catalog.max(greatest(oid::int8, relfilenode::int8)) FROM pg_catalog.pg_class)::text";

export const HIGHEST_QUERY = `SELECT ${HIGHEST} AS highest`;

/**
 * Asked while idle, in a transaction of its own: the highest number of a relation or file (new ones are given ascending
 * numbers) and the virtual transaction. From version 15 on it also ends the counting of earlier transactions.
 */
export const baselineQuery = (major: number): string =>
  `SELECT ${HIGHEST}, (SELECT virtualxid FROM pg_catalog.pg_locks
  WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'virtualxid' AND granted)${
    major >= 15 ? ", pg_catalog.pg_stat_force_next_flush()" : ""
  }`;

/**
 * Asked in the session itself while its transaction is open. $1: highest number of the baseline. Rows:
 * `lock`, relation, mode · `file`, relation, file · `rows`, relation, scans, inserted, updated, deleted · `vxid`, number.
 */
export const LOOK = `WITH held AS MATERIALIZED (
  SELECT locktype, relation, virtualxid, mode FROM pg_catalog.pg_locks
  WHERE pid = pg_catalog.pg_backend_pid() AND granted AND locktype IN ('relation', 'virtualxid')
), known AS MATERIALIZED (
  SELECT oid, relfilenode, relkind FROM pg_catalog.pg_class
  WHERE oid::int8 BETWEEN ${FIRST_OF_THE_APP} AND $1::int8 AND relkind IN ('r', 'i', 'm')
), counted AS MATERIALIZED (
  SELECT oid, pg_catalog.pg_stat_get_xact_numscans(oid) AS scans,
    pg_catalog.pg_stat_get_xact_tuples_inserted(oid) AS inserted,
    pg_catalog.pg_stat_get_xact_tuples_updated(oid) AS updated,
    pg_catalog.pg_stat_get_xact_tuples_deleted(oid) AS deleted
  FROM known WHERE relkind <> 'i'
)
SELECT 'lock', relation::text, mode, NULL, NULL, NULL FROM held
WHERE locktype = 'relation' AND relation::int8 BETWEEN ${FIRST_OF_THE_APP} AND $1::int8
  AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
UNION ALL SELECT 'file', oid::text, relfilenode::text, NULL, NULL, NULL FROM known WHERE relfilenode::int8 > $1::int8
UNION ALL SELECT 'rows', oid::text, scans::text, inserted::text, updated::text, deleted::text FROM counted
  WHERE scans > 0 OR inserted > 0 OR updated > 0 OR deleted > 0
UNION ALL SELECT 'vxid', virtualxid, NULL, NULL, NULL, NULL FROM held WHERE locktype = 'virtualxid'`;

interface Counters {
  scans: number;
  inserted: number;
  updated: number;
  deleted: number;
}

/** What a look showed, by number of the relation. */
export interface Look {
  locks: { relation: string; mode: LockMode }[];
  files: Map<string, string>;
  counters: Map<string, Counters>;
  virtualTransaction: string | null;
}

export const EMPTY_LOOK: Look = {
  locks: [],
  files: new Map(),
  counters: new Map(),
  virtualTransaction: null,
};

/** Throws when the rows are not those of LOOK. */
export const readLook = (rows: (string | null)[][]): Look => {
  const look: Look = { locks: [], files: new Map(), counters: new Map(), virtualTransaction: null };
  for (const [what, relation, ...values] of rows) {
    const [first = null, ...more] = values;
    if (what === "vxid") look.virtualTransaction = relation ?? null;
    else if (relation == null || first === null) throw new Error("a look's row is not whole");
    else if (what === "lock" && isStrong(first)) look.locks.push({ relation, mode: first });
    else if (what === "file") look.files.set(relation, first);
    else if (what === "rows") {
      const [inserted, updated, deleted] = more.map(Number);
      look.counters.set(relation, {
        scans: Number(first),
        inserted: inserted ?? 0,
        updated: updated ?? 0,
        deleted: deleted ?? 0,
      });
    }
  }
  return look;
};

/** A relation by the name that it had before the transaction. */
export interface RelationName {
  name: string;
  /** The table that it is an index of. */
  indexOf: string | null;
}

/** Relations that the app does not share with others (sequences, TOAST, temporary ones, the server's own) have no name here. */
export type Names = ReadonlyMap<string, RelationName>;

export const relationsOf = (look: Look): string[] => [
  ...new Set([...look.locks.map(({ relation }) => relation), ...look.files.keys(), ...look.counters.keys()]),
];

const since = (now: Counters, before: Counters | undefined): Counters => {
  // Counters that went back were reported in between, and began anew.
  if (before === undefined || before.scans > now.scans || before.inserted > now.inserted) return now;
  return {
    scans: now.scans - before.scans,
    inserted: now.inserted - before.inserted,
    updated: now.updated - before.updated,
    deleted: now.deleted - before.deleted,
  };
};

/**
 * What one statement did: the difference of two looks. A file is told as replaced when the session holds the relation
 * so that nobody else can have done it, or when `own`: then its locks are gone already.
 */
export const sightOf = (before: Look, now: Look, names: Names, { own }: { own: boolean }): Sight => {
  const had = new Set(before.locks.map(({ relation, mode }) => `${relation} ${mode}`));
  const exclusive = new Set(
    now.locks.filter(({ mode }) => mode === "AccessExclusiveLock").map(({ relation }) => relation),
  );
  const locks = now.locks.flatMap(({ relation, mode }) => {
    const known = names.get(relation);
    if (known === undefined || had.has(`${relation} ${mode}`)) return [];
    return [{ table: known.indexOf ?? known.name, index: known.indexOf === null ? null : known.name, mode }];
  });
  const replaced = [...now.files].flatMap(([relation, file]) => {
    const known = names.get(relation);
    if (known === undefined || before.files.get(relation) === file) return [];
    return own || exclusive.has(relation) ? [known] : [];
  });
  const tables = new Set(replaced.map(({ name }) => name));
  const sight: Sight = {
    locks,
    rewrites: replaced
      .filter(({ indexOf }) => indexOf === null || !tables.has(indexOf))
      .map(({ name }) => name),
    scans: [],
    writes: {},
  };
  for (const [relation, counters] of now.counters) {
    const known = names.get(relation);
    if (known === undefined) continue;
    const { scans, ...writes } = since(counters, before.counters.get(relation));
    if (scans > 0) sight.scans.push(known.name);
    if (writes.inserted + writes.updated + writes.deleted > 0) sight.writes[known.name] = writes;
  }
  return sight;
};
