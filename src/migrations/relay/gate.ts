import type { Client } from "pg";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import { afterPoll, beginGate, type GateState, type Waiting } from "./gate-state.ts";
import { lookUpNames } from "./names.ts";
import type { SideSessions } from "./side-sessions.ts";
import type { ObservedLock } from "./types.ts";

const POLL_MS = 1;

export interface Watched {
  locks: ObservedLock[];
  /** For how long the statement waited for the gate alone. */
  waitedMs: number;
}

export interface Watch {
  /** Takes the gate away and tells what was asked for while it stood. */
  lift(): Promise<Watched>;
}

const Tables = z.array(z.object({ oid: z.string(), name: z.string() }));
const Waitings = z.array(
  z.object({ kind: z.string(), relation: z.string().nullable(), mode: z.string(), granted: z.boolean() }),
);

const TABLES = `SELECT c.oid::text AS oid, format('%I.%I', n.nspname, c.relname) AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid::int8 BETWEEN 16384 AND $1::int8
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')`;

/** A waiting lock counts as well as one that is had. */
const LOCKS = `SELECT locktype AS kind, relation::text AS relation, mode, granted FROM pg_locks WHERE pid = $1::int4
  AND (NOT granted OR locktype = 'relation' AND relation::int8 BETWEEN 16384 AND $2::int8)`;

/** Tables that somebody holds already are left out: nobody may wait for the gate's own sake. */
const HOLD = `DO $do$ DECLARE one text; BEGIN
  FOREACH one IN ARRAY string_to_array(current_setting('switchback.gate'), E'\\n') LOOP
    BEGIN EXECUTE 'LOCK TABLE ONLY ' || one || ' IN SHARE MODE NOWAIT';
    EXCEPTION WHEN lock_not_available OR undefined_table THEN NULL; END;
  END LOOP; END $do$`;

const hold = async (client: Client, tables: string[]): Promise<void> => {
  await client.query("SELECT set_config('switchback.gate', $1, false)", [tables.join("\n")]);
  await client.query("BEGIN");
  if (tables.length > 0) await client.query(HOLD);
};

const release = async (client: Client): Promise<void> => {
  await client.query("ROLLBACK");
};

/**
 * Stands before the tables while a statement runs that commits by itself: sessions hold SHARE on all of them, so that
 * each stronger request has to wait, is seen, and is let through. Two sessions take turns, so that the tables not yet
 * asked for stay held while one is let go. Never stands in the way for longer than a look takes.
 */
export class Gate {
  readonly #side: SideSessions;
  readonly #clock: Clock;
  readonly #pid: () => number | null;
  #sessions: Promise<{ watcher: Client; holders: [Client, Client] }> | null = null;

  /** `pid`: backend of the session that is watched. */
  constructor(deps: { side: SideSessions; clock: Clock; pid: () => number | null }) {
    this.#side = deps.side;
    this.#clock = deps.clock;
    this.#pid = deps.pid;
  }

  /** `highest`: number of the last relation that counts. The session itself must hold nothing. */
  async arm(highest: string): Promise<Watch> {
    const { watcher, holders } = await this.#open();
    const { rows } = await watcher.query<Record<string, unknown>>(TABLES, [highest]);
    const tables = new Map(Tables.parse(rows).map(({ oid, name }) => [oid, name]));
    await hold(holders[0], [...tables.values()]);
    let lifted = false;
    const run = this.#watch({ watcher, holders, tables, highest, lifted: () => lifted });
    run.catch(() => {}); // told by lift
    return {
      lift: () => {
        lifted = true;
        return run;
      },
    };
  }

  #open(): Promise<{ watcher: Client; holders: [Client, Client] }> {
    this.#sessions ??= (async () => ({
      watcher: await this.#side.open(),
      holders: [await this.#side.open(), await this.#side.open()],
    }))();
    return this.#sessions;
  }

  async #watch({
    watcher,
    holders,
    tables,
    highest,
    lifted,
  }: {
    watcher: Client;
    holders: [Client, Client];
    tables: Map<string, string>;
    highest: string;
    lifted: () => boolean;
  }): Promise<Watched> {
    let [holding, resting] = holders;
    let state: GateState = beginGate();
    let waitedMs = 0;
    try {
      while (!lifted()) {
        const { rows } = await watcher.query<Record<string, unknown>>(LOCKS, [this.#pid(), highest]);
        const sinceMs = this.#clock.monotonicMs();
        const { next, act } = afterPoll(state, Waitings.parse(rows) as Waiting[]);
        state = next;
        if (act === "let-through") {
          await hold(
            resting,
            [...tables].flatMap(([oid, name]) => (state.free.has(oid) ? [] : [name])),
          );
          await release(holding);
          [holding, resting] = [resting, holding];
        } else if (act === "give-up") await release(holding);
        if (act !== "none") waitedMs += this.#clock.monotonicMs() - sinceMs;
        await this.#clock.sleep(POLL_MS);
      }
      const found = await lookUpNames(watcher, [...state.seen.keys()]);
      const locks = [...state.seen].flatMap(([relation, modes]): ObservedLock[] => {
        const known = found.get(relation);
        if (known === undefined) return [];
        const table = known.indexOf ?? known.name;
        return modes.map((mode) => ({ table, index: known.indexOf === null ? null : known.name, mode }));
      });
      return { locks, waitedMs };
    } finally {
      await release(holding);
    }
  }
}
