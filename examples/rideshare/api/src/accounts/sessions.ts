import { createHmac, randomBytes } from "node:crypto";
import type { Queryable } from "../database/pool.ts";
import type { Account } from "./accounts.ts";

const lifetimeHours = 12;

export interface Session {
  token: string;
  expiresAt: string;
}

export interface Sessions {
  open(accountId: string): Promise<Session>;
  /** The account that a token stands for; null when it is unknown, closed or expired. */
  find(token: string): Promise<Account | null>;
  /** Safe to call twice. */
  close(token: string): Promise<void>;
  removeExpired(): Promise<void>;
}

/** Only a keyed hash of a token is stored: who reads the table cannot sign in with what it holds. */
export const makeSessions = (database: Queryable, secret: string): Sessions => {
  const hash = (token: string): Buffer => createHmac("sha256", secret).update(token).digest();
  return {
    async open(accountId) {
      const token = randomBytes(32).toString("base64url");
      const { rows } = await database.query<{ expires_at: Date }>(
        `insert into sessions (token_hash, account_id, expires_at)
         values ($1, $2, now() + make_interval(hours => $3)) returning expires_at`,
        [hash(token), accountId, lifetimeHours],
      );
      return { token, expiresAt: rows[0]!.expires_at.toISOString() };
    },
    async find(token) {
      const { rows } = await database.query<Account>(
        `select a.id, a.role, a.name, a.email from sessions s join accounts a on a.id = s.account_id
         where s.token_hash = $1 and s.expires_at > now()`,
        [hash(token)],
      );
      return rows[0] ?? null;
    },
    async close(token) {
      await database.query("delete from sessions where token_hash = $1", [hash(token)]);
    },
    async removeExpired() {
      await database.query("delete from sessions where expires_at < now()");
    },
  };
};
