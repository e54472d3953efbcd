import { AppError } from "../app-error.ts";
import { violatesUnique } from "../database/database-error.ts";
import { inTransaction, type Database } from "../database/pool.ts";
import { hashPassword, passwordMatches } from "./password.ts";

export type Role = "rider" | "driver";

export interface Account {
  id: string;
  role: Role;
  name: string;
  email: string;
}

export interface NewRider {
  name: string;
  email: string;
  password: string;
}

export interface NewDriver extends NewRider {
  vehicle: string;
  plate: string;
}

export interface Accounts {
  /** Throws EMAIL_TAKEN. */
  addRider(rider: NewRider): Promise<Account>;
  /** Throws EMAIL_TAKEN; leaves no half driver behind. */
  addDriver(driver: NewDriver): Promise<Account>;
  /** Throws WRONG_CREDENTIALS, without telling which of the two was wrong. */
  withCredentials(email: string, password: string): Promise<Account>;
}

const columns = "id, role, name, email";

export const makeAccounts = (database: Database): Accounts => {
  const add = async (role: Role, person: NewRider, vehicle: NewDriver | null): Promise<Account> => {
    const passwordHash = await hashPassword(person.password);
    try {
      return await inTransaction(database, async (connection) => {
        const { rows } = await connection.query<Account>(
          `insert into accounts (role, name, email, password_hash) values ($1, $2, $3, $4) returning ${columns}`,
          [role, person.name, person.email.toLowerCase(), passwordHash],
        );
        const account = rows[0]!;
        if (vehicle) {
          await connection.query("insert into drivers (account_id, vehicle, plate) values ($1, $2, $3)", [
            account.id,
            vehicle.vehicle,
            vehicle.plate,
          ]);
        }
        return account;
      });
    } catch (error) {
      if (violatesUnique(error, "accounts_email")) {
        throw new AppError("EMAIL_TAKEN", "There is an account with this email address already.");
      }
      throw error;
    }
  };

  return {
    addRider: (rider) => add("rider", rider, null),
    addDriver: (driver) => add("driver", driver, driver),
    async withCredentials(email, password) {
      const { rows } = await database.query<Account & { password_hash: string }>(
        `select ${columns}, password_hash from accounts where email = $1`,
        [email.toLowerCase()],
      );
      const found = rows[0];
      if (!(await passwordMatches(password, found?.password_hash ?? null)) || !found) {
        throw new AppError("WRONG_CREDENTIALS", "The email address or the password is wrong.");
      }
      const { password_hash: _, ...account } = found;
      return account;
    },
  };
};
