import type { Client } from "pg";
import { AppError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";

/** One key for every Switchback: an advisory lock belongs to one database. The number spells "swback". */
const TURN_KEY = "126956588852075";
const LOOK_EVERY_MS = 250;
const TELL_EVERY_MS = 5_000;

export interface TurnOptions {
  clock: Clock;
  signal: AbortSignal;
  waitMs: number;
  onWaiting: (text: string) => void;
}

interface Holder {
  pid: number;
  name: string;
  since: string;
}

/**
 * Makes the session the only one that runs migrations on its database, until the session ends, however it does. Waits for
 * whoever has the turn, and throws MIGRATION_BUSY naming them when they keep it for longer than `waitMs`.
 */
export const takeTurn = async (
  client: Client,
  { clock, signal, waitMs, onWaiting }: TurnOptions,
): Promise<void> => {
  const startedMs = clock.monotonicMs();
  let toldMs = -TELL_EVERY_MS;
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock($1) AS mine", [
      TURN_KEY,
    ]);
    if (rows[0]?.mine === true) return;
    const waitedMs = clock.monotonicMs() - startedMs;
    if (waitedMs > waitMs) throw busy(await holderOf(client));
    if (waitedMs - toldMs >= TELL_EVERY_MS) {
      toldMs = waitedMs;
      const holder = await holderOf(client);
      if (holder !== null) onWaiting(`waiting for ${describe(holder)}`);
    }
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
};

const HOLDER = `
  SELECT a.pid, coalesce(nullif(a.application_name, ''), 'a session without a name') AS name,
    to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
  FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const holderOf = async (client: Client): Promise<Holder | null> =>
  (await client.query<Holder>(HOLDER, [TURN_KEY])).rows[0] ?? null;

const describe = ({ name, pid, since }: Holder): string =>
  `${name}, which runs migrations on this database since ${since} (session ${pid})`;

const busy = (holder: Holder | null): AppError =>
  new AppError(
    "MIGRATION_BUSY",
    holder === null
      ? "Somebody else runs migrations on this database."
      : `${describe(holder)}, keeps the turn.`,
    {
      hint:
        holder === null
          ? "try again"
          : `wait until it has ended; when nobody knows it any more: SELECT pg_terminate_backend(${holder.pid});`,
      context: holder === null ? {} : { ...holder },
    },
  );

/**
 * Ends what is left of a command that was killed: its sessions go on with their statement until they notice. Only for a
 * login that nobody but migration commands uses, by whoever has the turn. Returns how many there were.
 */
export const endOrphans = async (client: Client): Promise<number> => {
  // As the login itself: the owner, as which its sessions begin, may not end them.
  await client.query("SET ROLE NONE");
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE usename = session_user AND datname = current_database() AND pid <> pg_backend_pid()`,
  );
  return rowCount ?? 0;
};
