import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { makeTestbed } from "../../../src/adapters/local/postgres/testbed.ts";

export interface Databases {
  /** For the rig's ECS: a task that connects to a host of RDS reaches the real server that stands for it. */
  network(environment: Record<string, string>): Promise<Record<string, string>>;
  /** Rows of a statement on the server that stands for the host, as this user. */
  query(host: string, login: Login, statement: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface Login {
  user: string;
  password: string;
  database: string;
}

interface Server {
  port: number;
}

/** A certificate of its own, as a file that only the server's user reads. */
const makeCertificate = (folder: string, data: string): { cert: string; key: string } => {
  const place = join(folder, "tls");
  mkdirSync(place, { recursive: true });
  const [cert, key] = [join(place, "server.crt"), join(place, "server.key")];
  const subject = ["-subj", "/CN=database", "-days", "2", "-nodes", "-newkey", "rsa:2048"];
  execFileSync("openssl", ["req", "-x509", ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const { uid, gid } = statSync(data);
  chmodSync(place, 0o755);
  chmodSync(key, 0o600);
  for (const file of [cert, key]) chownSync(file, uid, gid);
  return { cert, key };
};

/**
 * Real PostgreSQL servers with TLS, one for each host name of RDS. What RDS does when it makes an instance is done when a task first
 * connects: its user is the master, who owns the database, may create roles, and is no superuser.
 */
export const makeDatabases = (): Databases => {
  const bed = makeTestbed();
  const servers = new Map<string, Promise<Server>>();

  const ask = async (server: Server, login: Login, statement: string) => {
    const { user, password, database } = login;
    const where = { host: "127.0.0.1", port: server.port, user, password, database };
    const client = new Client({ ...where, ssl: { rejectUnauthorized: false } });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  };
  const start = async (env: Record<string, string>, folder: string): Promise<Server> => {
    const started = await bed.start(folder);
    const place = bed.folder(folder);
    const { superuser } = JSON.parse(readFileSync(join(place, "passwords.json"), "utf8")) as {
      superuser: string;
    };
    const login = { user: "switchback", password: superuser, database: "postgres" };
    const client = new Client({ host: "127.0.0.1", port: started.port, ...login });
    await client.connect();
    const { rows } = await client.query<{ data: string }>("SELECT current_setting('data_directory') AS data");
    const { cert, key } = makeCertificate(place, rows[0]!.data);
    const master = client.escapeIdentifier(env["PGUSER"]!);
    const database = client.escapeIdentifier(env["PGDATABASE"]!);
    for (const statement of [
      `ALTER SYSTEM SET ssl_cert_file = ${client.escapeLiteral(cert)}`,
      `ALTER SYSTEM SET ssl_key_file = ${client.escapeLiteral(key)}`,
      "ALTER SYSTEM SET ssl = on",
      "SELECT pg_reload_conf()",
      `CREATE ROLE ${master} LOGIN CREATEROLE CREATEDB PASSWORD ${client.escapeLiteral(env["PGPASSWORD"]!)}`,
      `CREATE DATABASE ${database} OWNER ${master}`,
    ])
      await client.query(statement);
    await client.end();
    return { port: started.port };
  };
  return {
    network: async (env) => {
      const host = env["PGHOST"];
      if (host === undefined) return env;
      const server = servers.get(host) ?? start(env, `server-${servers.size + 1}`);
      servers.set(host, server);
      // psql takes the address from here, and what it checks from PGHOST.
      return { ...env, PGHOSTADDR: "127.0.0.1", PGPORT: String((await server).port) };
    },
    query: async (host, login, statement) => ask(await servers.get(host)!, login, statement),
    close: () => bed.remove(),
  };
};
