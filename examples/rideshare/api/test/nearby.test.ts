import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NearbyDriver } from "../src/drivers/nearby.ts";
import { distanceM, type Point } from "../src/rides/place.ts";
import { call, newDriver, newRider, type Person } from "./person.ts";
import { findRedis, makeTestRedis, type TestRedis } from "./redis-server.ts";
import { eventually, query, startRig, type Rig, type RunningApi } from "./rig.ts";

interface Found {
  source: "redis" | "sql";
  drivers: NearbyDriver[];
}

const centre = { lat: 59.33, lng: 18.06 };
// A spiral outwards: 24 drivers from 150 m to 3.6 km away, in every direction.
const positions: Point[] = Array.from({ length: 24 }, (_, i) => {
  const reachM = 150 * (i + 1);
  return {
    lat: centre.lat + (Math.cos(i) * reachM) / 111_195,
    lng: centre.lng + (Math.sin(i) * reachM) / (111_195 * Math.cos((centre.lat * Math.PI) / 180)),
  };
});

let rig: Rig;
let databaseUrl: string;
let withoutRedis: RunningApi;
let drivers: Person[];

beforeAll(async () => {
  rig = await startRig();
  databaseUrl = await rig.newDatabase();
  withoutRedis = await rig.startApi(databaseUrl);
  drivers = [];
  for (const position of positions) drivers.push(await newDriver(withoutRedis.baseUrl, position));
});
afterAll(() => rig.stop());

const nearby = async (api: RunningApi, point: Point, more = ""): Promise<Found> => {
  const path = `/api/drivers/nearby?lat=${point.lat}&lng=${point.lng}${more}`;
  const { status, body } = await call(api.baseUrl, ["GET", path]);
  expect(status).toBe(200);
  return body as Found;
};
const ids = ({ drivers: found }: Found): string[] => found.map(({ id }) => id);

describe("nearby drivers by SQL", () => {
  test.each([400, 1_000, 2_500, 5_000])("are exactly those within %i m, nearest first", async (radiusM) => {
    const found = await nearby(withoutRedis, centre, `&radiusM=${radiusM}&limit=100`);
    expect(found.source).toBe("sql");
    const expected = positions
      .map((position, i) => ({ id: drivers[i]!.id, metres: distanceM(centre, position) }))
      .filter(({ metres }) => metres <= radiusM)
      .sort((a, b) => a.metres - b.metres);
    expect(expected.length).toBeGreaterThan(0);
    expect(ids(found)).toEqual(expected.map(({ id }) => id));
    expect(found.drivers.map((driver) => driver.distanceM)).toEqual(
      expected.map(({ metres }) => Math.round(metres)),
    );
  });

  test("are at most as many as asked for, 20 unless told", async () => {
    expect((await nearby(withoutRedis, centre)).drivers).toHaveLength(20);
    expect((await nearby(withoutRedis, centre, "&limit=3")).drivers).toHaveLength(3);
  });

  test("leave out who is off duty, who was not heard of lately, and who has a ride", async () => {
    const [off, silent, busy] = drivers as [Person, Person, Person];
    const rider = await newRider(withoutRedis.baseUrl);
    await off.call("PUT", "/api/driver/availability", { available: false });
    await query(
      databaseUrl,
      "update drivers set position_at = now() - interval '3 minutes' where account_id = $1",
      [silent.id],
    );
    const ride = (await rider.call("POST", "/api/rides", { pickup: centre, dropoff: positions[20] })).body;
    expect(ride.driver.id).toBe(busy.id);
    const found = ids(await nearby(withoutRedis, centre, "&limit=100"));
    expect(found).toHaveLength(drivers.length - 3);
    for (const { id } of [off, silent, busy]) expect(found).not.toContain(id);

    await rider.call("POST", `/api/rides/${ride.id}/cancel`);
    await off.call("PUT", "/api/driver/availability", { available: true });
    await silent.call("PUT", "/api/driver/position", positions[1]);
    expect(ids(await nearby(withoutRedis, centre, "&limit=100"))).toHaveLength(drivers.length);
  });

  test("are found across the date line and at a pole", async () => {
    const east = await newDriver(withoutRedis.baseUrl, { lat: -17, lng: 179.999 });
    const pole = await newDriver(withoutRedis.baseUrl, { lat: 89.999, lng: 100 });
    expect(ids(await nearby(withoutRedis, { lat: -17, lng: -179.999 }))).toEqual([east.id]);
    expect(ids(await nearby(withoutRedis, { lat: 89.999, lng: -80 }))).toEqual([pole.id]);
  });
});

const redisProgram = findRedis();

describe.skipIf(redisProgram === null)("nearby drivers by Redis (needs redis-server)", () => {
  let redis: TestRedis;
  let withRedis: RunningApi;

  beforeAll(async () => {
    redis = await makeTestRedis(redisProgram!);
    await redis.start();
    withRedis = await rig.startApi(databaseUrl, { REDIS_URL: redis.url });
    await untilSource("redis");
  });
  afterAll(() => redis.stop());

  const untilSource = (source: Found["source"]) =>
    eventually(async () => (await nearby(withRedis, centre)).source === source);
  const cacheState = async (): Promise<string> =>
    (await call(withRedis.baseUrl, ["GET", "/api/health"])).body.cache;

  const expectAgreement = async (): Promise<void> => {
    for (const point of [centre, positions[7]!, positions[19]!, { lat: 59.4, lng: 18.2 }]) {
      for (const more of [
        "&radiusM=300",
        "&radiusM=1500&limit=5",
        "&radiusM=5000&limit=100",
        "&radiusM=50000&limit=100",
      ]) {
        const fast = await nearby(withRedis, point, more);
        expect(fast.source).toBe("redis");
        expect(fast.drivers).toEqual((await nearby(withoutRedis, point, more)).drivers);
      }
    }
  };

  test("are the same as by SQL, also for positions that were there before Redis was", async () => {
    expect((await nearby(withRedis, centre)).drivers).toHaveLength(20);
    await expectAgreement();
  });

  test("are the same as by SQL after moves and changes of duty", async () => {
    const at = drivers.map((driver) => driver.at(withRedis.baseUrl));
    for (const [i, driver] of at.entries())
      await driver.call("PUT", "/api/driver/position", positions[(i + 9) % 24]);
    await at[3]!.call("PUT", "/api/driver/availability", { available: false });
    await expectAgreement();
    await at[3]!.call("PUT", "/api/driver/availability", { available: true });
    await expectAgreement();
  });

  test("come from the database while Redis is gone, and from Redis again once it is back, empty as it is", async () => {
    expect(await cacheState()).toBe("ok");
    await redis.stop();
    expect((await nearby(withRedis, centre)).source).toBe("sql");
    expect(await call(withRedis.baseUrl, ["GET", "/api/health"])).toMatchObject({
      status: 200,
      body: { status: "ready", cache: "down" },
    });
    await drivers[0]!.at(withRedis.baseUrl).call("PUT", "/api/driver/position", positions[2]);
    await redis.start();
    await untilSource("redis");
    await expectAgreement();
  });

  test("come from the database while Redis is there but silent", async () => {
    redis.freeze();
    expect(await nearby(withRedis, centre)).toMatchObject({ source: "sql", drivers: { length: 20 } });
    redis.thaw();
    await untilSource("redis");
    await expectAgreement();
  });

  test("are all found by an API that starts before its Redis does", async () => {
    const late = await makeTestRedis(redisProgram!);
    const api = await rig.startApi(databaseUrl, { REDIS_URL: late.url });
    expect(await nearby(api, centre)).toMatchObject({ source: "sql", drivers: { length: 20 } });
    await late.start();
    await eventually(async () => (await nearby(api, centre)).source === "redis");
    expect((await nearby(api, centre)).drivers).toEqual((await nearby(withoutRedis, centre)).drivers);
    api.kill("SIGTERM");
    expect((await api.finished).code).toBe(0);
    await late.stop();
  });
});
