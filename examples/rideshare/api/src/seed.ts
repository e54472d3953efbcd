import { hashPassword } from "./accounts/password.ts";
import { inTransaction, openDatabase, type Database, type Queryable } from "./database/pool.ts";
import { openBucket } from "./documents/bucket.ts";
import { makeDocuments } from "./documents/documents.ts";
import { makeLog } from "./log.ts";
import { demoPassword, seedDrivers, seedRiders, type SeedDriver } from "./seed/people.ts";
import { placeholderPhoto } from "./seed/placeholder-photo.ts";

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** Adds the demo accounts that are missing and leaves those that exist as they are. Safe to run twice, or twice at once. */
const seed = async (database: Database, uploadsUrl: string | undefined): Promise<void> => {
  const passwordHash = await hashPassword(demoPassword);
  await inTransaction(database, async (connection) => {
    for (const rider of seedRiders) await addAccount(connection, { role: "rider", ...rider, passwordHash });
    for (const driver of seedDrivers) await addDriver(connection, driver, passwordHash);
  });
  tell(`${seedDrivers.length} drivers and ${seedRiders.length} riders are there.`);
  if (uploadsUrl) await addPhotos(database, uploadsUrl);
  else tell("BUCKET_UPLOADS_URL is not set: no photos.");
};

interface SeedAccount {
  role: "rider" | "driver";
  name: string;
  email: string;
  passwordHash: string;
}

const addAccount = async (
  database: Queryable,
  { role, name, email, passwordHash }: SeedAccount,
): Promise<string> => {
  await database.query(
    `insert into accounts (role, name, email, password_hash) values ($1, $2, $3, $4)
     on conflict on constraint accounts_email do nothing`,
    [role, name, email, passwordHash],
  );
  const { rows } = await database.query<{ id: string }>(
    "select id from accounts where email = $1 and role = $2",
    [email, role],
  );
  if (!rows[0]) throw new Error(`${email} exists with another role.`);
  return rows[0].id;
};

/** Off duty at home: only a driver who signs in (a person or the simulation) gets offers. */
const addDriver = async (database: Queryable, driver: SeedDriver, passwordHash: string): Promise<void> => {
  const id = await addAccount(database, { role: "driver", ...driver, passwordHash });
  await database.query(
    `insert into drivers (account_id, vehicle, plate, available, lat, lng, position_at)
     values ($1, $2, $3, false, $4, $5, now()) on conflict (account_id) do nothing`,
    [id, driver.vehicle, driver.plate, driver.home.lat, driver.home.lng],
  );
};

const addPhotos = async (database: Database, uploadsUrl: string): Promise<void> => {
  const documents = makeDocuments(database, openBucket(uploadsUrl));
  const { rows } = await database.query<{ id: string; email: string }>(
    `select a.id, a.email from accounts a where a.email = any($1)
       and not exists (select from driver_documents x where x.driver_id = a.id and x.kind = 'photo')`,
    [seedDrivers.map(({ email }) => email)],
  );
  for (const { id, email } of rows) {
    await documents.put(
      id,
      "photo",
      placeholderPhoto(seedDrivers.findIndex((driver) => driver.email === email)),
    );
  }
  if (rows.length > 0) tell(`${rows.length} photos were added.`);
};

const databaseUrl = process.env["DATABASE_URL"];
if (!databaseUrl) {
  tell("DATABASE_URL is not set.");
  process.exit(2);
}
const database = openDatabase(
  databaseUrl,
  makeLog((line) => void process.stderr.write(line)),
);
try {
  await seed(database, process.env["BUCKET_UPLOADS_URL"]);
} catch (error) {
  tell(`Seeding failed: ${error instanceof Error ? error.message || error.name : String(error)}`);
  process.exitCode = 1;
} finally {
  await database.end();
}
