import { escapeIdentifier, escapeLiteral, type Client } from "pg";
import type { MigrationLimits } from "../../domain/app-definition.ts";

export interface LoginRequest {
  /** Role that owns the database and all that migrations make. */
  owner: string;
  role: string;
  password: string;
}

const exists = async (client: Client, role: string): Promise<boolean> =>
  (await client.query("SELECT FROM pg_roles WHERE rolname = $1", [role])).rowCount === 1;

const ensureRole = async (client: Client, { role, password }: LoginRequest): Promise<string> => {
  // A statement that fails is logged with its text, and one of them holds the password.
  await client.query("SET log_min_error_statement = panic");
  const name = escapeIdentifier(role);
  const verb = (await exists(client, role)) ? "ALTER" : "CREATE";
  await client.query(`${verb} ROLE ${name} LOGIN PASSWORD ${escapeLiteral(password)}`);
  return name;
};

/**
 * A login whose sessions begin as the owner, with the limits set: whatever driver the migration tool uses, and without a
 * word in its command or its address. What a migration sets itself wins. Safe to call again, with other limits.
 */
export const ensureMigrationLogin = async (
  client: Client,
  request: LoginRequest & { limits: Pick<MigrationLimits, "lockTimeoutMs" | "statementTimeoutMs"> },
): Promise<void> => {
  const { owner, limits } = request;
  const role = await ensureRole(client, request);
  await client.query(`GRANT ${escapeIdentifier(owner)} TO ${role}`);
  // What it makes belongs to the owner, as if the owner had logged in.
  await client.query(`ALTER ROLE ${role} SET role = ${escapeLiteral(owner)}`);
  await client.query(`ALTER ROLE ${role} SET lock_timeout = '${limits.lockTimeoutMs}ms'`);
  await client.query(`ALTER ROLE ${role} SET statement_timeout = '${limits.statementTimeoutMs}ms'`);
};

/** A login that reads everything in the database and can change nothing. */
export const ensureReaderLogin = async (
  client: Client,
  request: LoginRequest & { database: string },
): Promise<void> => {
  const role = await ensureRole(client, request);
  await client.query(`GRANT pg_read_all_data, pg_read_all_stats TO ${role}`);
  await client.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(request.database)} TO ${role}`);
  await client.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
};
