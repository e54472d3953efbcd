import type { ClientBase } from "pg";
import { PLAIN_OUTPUT } from "./common.ts";

const SETTINGS = Object.entries(PLAIN_OUTPUT);

/** Within the transaction only. */
export const SET_LOCAL_PLAIN = SETTINGS.map(([name, value]) => `SET LOCAL ${name} = '${value}'`);

const SWAP = `SELECT name, current_setting(name) AS was, set_config(name, value, false)
FROM (VALUES ${SETTINGS.map(([name, value]) => `('${name}', '${value}')`).join(", ")}) AS s(name, value)`;

/** Whatever is read in between is written plainly; the session's settings are as before afterwards. In or out of a transaction. */
export const withPlainOutput = async <T>(client: ClientBase, body: () => Promise<T>): Promise<T> => {
  const { rows } = await client.query<{ name: string; was: string }>(SWAP);
  try {
    return await body();
  } finally {
    await client
      .query("SELECT set_config(n, v, false) FROM unnest($1::text[], $2::text[]) AS s(n, v)", [
        rows.map(({ name }) => name),
        rows.map(({ was }) => was),
      ])
      .catch(() => {}); // a transaction that failed has put them back by itself
  }
};
