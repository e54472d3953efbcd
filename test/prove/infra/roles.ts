import type { Contract, DatabaseContract } from "../../../src/domain/contract.ts";
import type { Databases, Login } from "./databases.ts";
import type { InfraProject } from "./project.ts";

/** Who logs in with a secret of the contract, as a service reads it. */
const loginOf = async ({ aws }: InfraProject, secret: string): Promise<Login> => {
  const told = (await aws(["secretsmanager", "get-secret-value", "--secret-id", secret])) as {
    SecretString: string;
  };
  const { username, password, dbname } = JSON.parse(told.SecretString) as Record<string, string>;
  return { user: username!, password: password!, database: dbname! };
};

const FORBIDDEN = [
  "CREATE TABLE mine (id int)",
  "CREATE SCHEMA mine",
  "DROP TABLE rides",
  "TRUNCATE rides",
  "CREATE ROLE mine",
];

/** What is wrong with the roles on the real server; empty: nothing. Safe to ask again. */
export const judgeRoles = async (
  project: InfraProject,
  databases: Databases,
  { database }: Contract,
): Promise<string[]> => {
  const { host, appSecret, migrateSecret } = database as DatabaseContract;
  const [app, migrate] = [await loginOf(project, appSecret), await loginOf(project, migrateSecret)];
  const wrong: string[] = [];
  const may = async (login: Login, statement: string) => {
    try {
      return await databases.query(host, login, statement);
    } catch (error) {
      wrong.push(`${login.user} may not: ${statement}: ${(error as Error).message}`);
      return [];
    }
  };
  await may(migrate, "CREATE TABLE IF NOT EXISTS rides (id int PRIMARY KEY, fare int NOT NULL)");
  await may(app, "INSERT INTO rides VALUES (1, 7) ON CONFLICT DO NOTHING");
  await may(app, "UPDATE rides SET fare = 8");
  const [row] = await may(app, "SELECT fare FROM rides");
  if (row?.["fare"] !== 8) wrong.push(`${app.user} reads ${JSON.stringify(row)}`);
  for (const statement of FORBIDDEN)
    await databases.query(host, app, statement).then(
      () => wrong.push(`${app.user} may: ${statement}`),
      () => undefined,
    );
  const [powers] = await may(
    app,
    `SELECT bool_or(rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls) AS some, count(*)::int AS roles FROM pg_roles WHERE rolname IN ('${app.user}', '${migrate.user}')`,
  );
  if (powers?.["some"] !== false || powers["roles"] !== 2) wrong.push(`powers: ${JSON.stringify(powers)}`);
  return wrong;
};
