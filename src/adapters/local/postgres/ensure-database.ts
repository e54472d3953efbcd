import { escapeIdentifier, escapeLiteral, type Client } from "pg";
import { AppError } from "../../../domain/errors.ts";
import type { Credentials } from "./credentials.ts";
import { ensureMigrationLogin, ensureReaderLogin } from "../../../postgres/migrating/logins.ts";
import { connectAs } from "./postmaster.ts";
import { SUPERUSER } from "./data-folder.ts";
import type { PostgresServer } from "./types.ts";

const MAX_NAME_BYTES = 63;
/** The `pg` package leaves these escaped in a URL's path: such a database would never be found. */
const UNSPEAKABLE = /[\0;/?:@&=+$,#]/;
const TAKEN = new Set(["postgres", "template0", "template1"]);

/** So that a name such as `public` or `pg_x`, which is no name for a role, is one for a database all the same. */
const roleOf = (database: string): string => `app_${database}`;

const migratorOf = (database: string): string => `mig_${database}`;
const readerOf = (database: string): string => `see_${database}`;

const checkName = (name: string): void => {
  const fits = Buffer.byteLength(roleOf(name)) <= MAX_NAME_BYTES;
  if (name !== "" && !UNSPEAKABLE.test(name) && fits && !TAKEN.has(name)) return;
  throw new AppError("CONFIG_INVALID", `"${name}" cannot be the name of a database`, {
    hint: `choose another of at most ${MAX_NAME_BYTES - 4} bytes, without ; / ? : @ & = + $ , #; ${[...TAKEN].join(", ")} are PostgreSQL's own`,
  });
};

const exists = async (client: Client, query: string, name: string): Promise<boolean> =>
  (await client.query(query, [name])).rowCount === 1;

/** The role and the database are there, owned by the role, closed to other roles. Every part is done only when missing. */
const ensure = async (client: Client, name: string, password: string): Promise<void> => {
  const database = escapeIdentifier(name);
  const role = escapeIdentifier(roleOf(name));
  // A statement that fails is logged with its text, and one of them holds the password.
  await client.query("SET log_min_error_statement = panic");
  const verb = (await exists(client, "SELECT FROM pg_roles WHERE rolname = $1", roleOf(name)))
    ? "ALTER"
    : "CREATE";
  await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${escapeLiteral(password)}`);
  if (!(await exists(client, "SELECT FROM pg_database WHERE datname = $1", name)))
    await client.query(`CREATE DATABASE ${database} OWNER ${role}`);
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
};

/** One at a time: two at once would both find a role missing. */
export const makeDatabases = (
  port: number,
  credentials: Credentials,
): Pick<PostgresServer, "ensureDatabase" | "migrationLogin" | "readerLogin"> => {
  let last: Promise<unknown> = Promise.resolve();

  const withSuperuser = async (work: (client: Client) => Promise<void>): Promise<void> => {
    const { superuser: password } = credentials;
    const client = connectAs(port, { user: SUPERUSER, password, database: "postgres" });
    try {
      await client.connect();
      await work(client);
    } finally {
      await client.end();
    }
  };
  const inTurn = (
    name: string,
    role: string,
    work: (client: Client, password: string) => Promise<void>,
  ): Promise<{ url: string }> => {
    const turn = last.then(async () => {
      checkName(name);
      const password = await credentials.role(role);
      await withSuperuser((client) => work(client, password));
      const login = `${encodeURIComponent(role)}:${password}`;
      return { url: `postgres://${login}@127.0.0.1:${port}/${encodeURIComponent(name)}` };
    });
    last = turn.catch(() => {});
    return turn;
  };
  const owner = roleOf;
  return {
    ensureDatabase: (name) => inTurn(name, owner(name), (client, password) => ensure(client, name, password)),
    migrationLogin: (name, limits) =>
      inTurn(name, migratorOf(name), (client, password) =>
        ensureMigrationLogin(client, { owner: owner(name), role: migratorOf(name), password, limits }),
      ),
    readerLogin: (name) =>
      inTurn(name, readerOf(name), (client, password) =>
        ensureReaderLogin(client, { owner: owner(name), role: readerOf(name), password, database: name }),
      ),
  };
};
