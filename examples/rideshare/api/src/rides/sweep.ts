import { setTimeout as sleep } from "node:timers/promises";
import type { Sessions } from "../accounts/sessions.ts";
import { isUnreachable } from "../database/database-error.ts";
import { inTransaction, type Database } from "../database/pool.ts";
import { errorFields, type Log } from "../log.ts";
import type { Dispatch } from "./dispatch.ts";

const everyMs = 1_000;
const batch = 20;

interface SweepDeps {
  database: Database;
  dispatch: Dispatch;
  sessions: Sessions;
  searchSeconds: number;
  log: Log;
}

/**
 * Moves on what nobody answers: offers that ran out go to the next driver, rides that waited too long end.
 * Every process sweeps; rows that another process holds are skipped, and nothing happens twice.
 */
export const runSweep = async (deps: SweepDeps, signal: AbortSignal): Promise<void> => {
  for (let round = 0; !signal.aborted; round += 1) {
    try {
      await sweepOnce(deps);
      if (round % 600 === 0) await deps.sessions.removeExpired();
    } catch (error) {
      // Before the migrations and without a database there is nothing to sweep; health reports that.
      if (!isUnreachable(error)) deps.log.warn("A sweep did not finish", errorFields(error));
    }
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
};

export const sweepOnce = async ({
  database,
  dispatch,
  searchSeconds,
}: Omit<SweepDeps, "sessions" | "log">) => {
  const { rows: ready } = await database.query<{ there: boolean }>(
    "select to_regclass('rides') is not null and to_regclass('ride_offers') is not null as there",
  );
  if (!ready[0]?.there) return;
  await expireOffers(database);
  await endSearches(database, searchSeconds);
  const { rows: waiting } = await database.query<{ id: string }>(
    "select id from rides where status = 'requested' order by requested_at limit $1",
    [batch],
  );
  for (const { id } of waiting) await dispatch.offerToNearest(id);
};

const expireOffers = (database: Database): Promise<void> =>
  inTransaction(database, async (connection) => {
    const { rows } = await connection.query<{ id: string }>(
      `update rides set status = 'requested', driver_id = null, offer_expires_at = null
       where id in (
         select id from rides where status = 'offered' and offer_expires_at < now()
         order by offer_expires_at limit $1 for update skip locked
       ) returning id`,
      [batch],
    );
    await connection.query(
      "update ride_offers set outcome = 'expired' where ride_id = any($1) and outcome = 'open'",
      [rows.map(({ id }) => id)],
    );
  });

const endSearches = async (database: Database, searchSeconds: number): Promise<void> => {
  await database.query(
    `update rides set status = 'no_driver'
     where id in (
       select id from rides where status = 'requested' and requested_at < now() - make_interval(secs => $1)
       order by requested_at limit $2 for update skip locked
     )`,
    [searchSeconds, batch],
  );
};
