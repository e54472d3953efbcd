import pg from "pg";
import { errorFields, type Log } from "../log.ts";

export type Database = pg.Pool;
/** A pool or a connection inside a transaction. */
export type Queryable = Pick<pg.Pool, "query">;

/** A pool that gives up on a slow or absent server instead of piling up requests. Connects at the first query. */
export const openDatabase = (databaseUrl: string, log: Log): Database => {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: "rideshare-api",
    max: 10,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  // An idle connection that dies must not end the process: the next query opens another.
  pool.on("error", (error) => log.warn("An idle database connection was lost", errorFields(error)));
  return pool;
};

/** Commits what `work` did, or nothing of it when it throws. */
export const inTransaction = async <T>(
  database: Database,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T> => {
  const connection = await database.connect();
  let broken: Error | undefined;
  try {
    await connection.query("begin");
    const result = await work(connection);
    await connection.query("commit");
    return result;
  } catch (error) {
    await connection.query("rollback").catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    connection.release(broken);
  }
};
