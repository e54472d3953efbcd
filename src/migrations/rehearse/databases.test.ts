import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../test/helpers/system-clock.ts";
import { compareCatalogs } from "../catalog/compare-catalogs.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { startThrowaway } from "../throwaway/start-throwaway.ts";
import type { ThrowawayServer } from "../throwaway/types.ts";
import { makeDatabases, type Databases } from "./databases.ts";

describe.each([18, 15])("PostgreSQL %i", (major) => {
  let server: ThrowawayServer;
  let databases: Databases;
  beforeAll(async () => {
    server = await startThrowaway({ major, clock: systemClock, signal: new AbortController().signal });
    databases = makeDatabases(server);
  });
  afterAll(() => server.stop());

  test("a copy is like its model in all that is compared: owner, rights and settings of the database too", async () => {
    await databases.create("model");
    await databases.with("model", (client) =>
      client.query(
        `CREATE ROLE keeper NOLOGIN; CREATE TABLE rides (id int); ALTER DATABASE model OWNER TO keeper;
         REVOKE ALL ON DATABASE model FROM PUBLIC; ALTER DATABASE model SET timezone = 'UTC'`,
      ),
    );
    await databases.copy("model", "copy");
    const model = await databases.with("model", readCatalog);
    expect(compareCatalogs(model, await databases.with("copy", readCatalog))).toEqual([]);
    const said = Object.entries(model).map(([object, definition]) => `${object} ${definition}`);
    expect(said.filter((one) => one.includes("keeper") && one.includes("database"))).not.toEqual([]);
  });

  test("copies that are asked for at once are made one after the other", async () => {
    await databases.create("many");
    await Promise.all(["one", "two", "three"].map((name) => databases.copy("many", name)));
    for (const name of ["one", "two", "three"])
      expect((await databases.with(name, (client) => client.query("SELECT 1 AS n"))).rows).toEqual([
        { n: 1 },
      ]);
  });
});
