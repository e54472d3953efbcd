import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoPassword, seedDrivers } from "../src/seed/people.ts";
import { gridPath } from "../src/simulation/path.ts";
import { freePort } from "./free-port.ts";
import { call } from "./person.ts";
import { startProgram } from "./program.ts";
import { eventually, query, startRig, type Rig } from "./rig.ts";

let rig: Rig;
let databaseUrl: string;
beforeAll(async () => {
  rig = await startRig();
  databaseUrl = await rig.newDatabase();
});
afterAll(() => rig.stop());

const seed = (env = {}) => rig.run("seed", [], { DATABASE_URL: databaseUrl, ...env });
const counts = async () =>
  (
    await query(
      databaseUrl,
      `select (select count(*)::int from accounts where role = 'rider') as riders,
         (select count(*)::int from drivers) as drivers,
         (select count(*)::int from driver_documents) as photos`,
    )
  )[0];

describe("seeding", () => {
  test("adds 12 drivers and 3 riders once, and photos when there is a bucket", async () => {
    expect((await seed()).code).toBe(0);
    expect(await counts()).toEqual({ riders: 3, drivers: 12, photos: 0 });
    const withPhotos = await Promise.all([seed({ BUCKET_UPLOADS_URL: rig.uploadsUrl }), seed()]);
    expect(withPhotos.map(({ code }) => code)).toEqual([0, 0]);
    expect(await counts()).toEqual({ riders: 3, drivers: 12, photos: 12 });
  });

  test("leaves what people changed as it is", async () => {
    await query(databaseUrl, "update drivers set vehicle = 'A bicycle' where plate = 'ABC 12D'");
    expect((await seed()).code).toBe(0);
    expect(await query(databaseUrl, "select vehicle from drivers where plate = 'ABC 12D'")).toEqual([
      { vehicle: "A bicycle" },
    ]);
  });

  test("fails without a database", async () => {
    expect(await rig.run("seed", [], {})).toMatchObject({ code: 2, stdout: "" });
    expect(await rig.run("seed", [], { DATABASE_URL: "postgres://nobody@127.0.0.1:1/no" })).toMatchObject({
      code: 1,
    });
  });
});

describe("simulating", () => {
  test("drivers alone complete a ride that a person books, across a restart of the API", async () => {
    const port = String(await freePort());
    let api = await rig.startApi(databaseUrl, { PORT: port });
    const simulation = startProgram(rig.build, "simulate", {
      args: ["--base-url", api.baseUrl, "--drivers", "3", "--riders", "0", "--speed", "2"],
    });
    await eventually(
      async () =>
        (await call(api.baseUrl, ["GET", "/api/drivers/nearby?lat=59.33&lng=18.07&radiusM=50000"])).body
          .drivers.length === 3,
    );
    const { token } = (
      await call(api.baseUrl, ["POST", "/api/sessions"], {
        body: { email: "rider@example.test", password: demoPassword },
      })
    ).body;
    const as = (method: string, path: string, body?: unknown) =>
      call(api.baseUrl, [method, path], { token, body });
    const ride = (
      await as("POST", "/api/rides", { pickup: seedDrivers[1]!.home, dropoff: seedDrivers[2]!.home })
    ).body;
    await eventually(async () => (await as("GET", `/api/rides/${ride.id}`)).body.status === "accepted");

    api.kill("SIGTERM");
    expect((await api.finished).code).toBe(0);
    api = await rig.startApi(databaseUrl, { PORT: port });
    const done = await eventually(async () => {
      const { body } = await as("GET", `/api/rides/${ride.id}`);
      return body.status === "completed" ? body : null;
    });
    expect(done.fareCents).toBe(done.quoteCents);
    // The simulation leaves the first of the seeded people to those who sign in themselves.
    expect(done.driver.name).not.toBe(seedDrivers[0]!.name);

    simulation.kill("SIGTERM");
    const { code, stdout } = await simulation.finished;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ridesCompleted: 1, ridesRequested: 0 });
    expect(await query(databaseUrl, "select 1 from drivers where available")).toEqual([]);
    api.kill("SIGTERM");
  });

  test("riders book rides and drivers complete them by themselves", async () => {
    const api = await rig.startApi(databaseUrl);
    const simulation = startProgram(rig.build, "simulate", {
      args: ["--base-url", api.baseUrl, "--drivers", "2", "--riders", "1", "--speed", "4"],
    });
    await eventually(async () => {
      const rows = await query<{ n: number }>(
        databaseUrl,
        "select count(*)::int as n from rides join accounts a on a.id = rider_id where status = 'completed' and email = 'rider2@example.test'",
      );
      return rows[0]!.n > 1;
    });
    simulation.kill("SIGTERM");
    expect((await simulation.finished).code).toBe(0);
  });

  test("is refused with wrong options, and fails when nobody is seeded", async () => {
    for (const args of [
      [],
      ["--base-url", "nowhere"],
      ["--base-url", "http://localhost", "--drivers", "many"],
      ["--fast"],
    ]) {
      expect(await rig.run("simulate", args, {})).toMatchObject({ code: 2, stdout: "" });
    }
    const api = await rig.startApi(await rig.newDatabase());
    const { code, stderr } = await rig.run(
      "simulate",
      ["--base-url", api.baseUrl, "--drivers", "1", "--riders", "1"],
      {},
    );
    expect(code).toBe(1);
    expect(stderr).toContain("WRONG_CREDENTIALS");
  });

  test("a path follows the grid and ends exactly where it should", () => {
    const [from, to] = [seedDrivers[3]!.home, seedDrivers[8]!.home];
    const path = gridPath(from, to, 10);
    expect(path).toHaveLength(10);
    expect(path.at(-1)).toEqual(to);
    // Each step goes along a street: either the longitude or the latitude is that of the corner.
    for (const { lat, lng } of path) expect(lng === from.lng || Math.abs(lat - to.lat) < 1e-9).toBe(true);
    expect(gridPath(from, from, 3)).toEqual([from, from, from]);
  });
});
