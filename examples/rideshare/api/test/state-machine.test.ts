import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RideStatus } from "../src/rides/ride.ts";
import { startRig, type Rig } from "./rig.ts";

// Straight SQL: whatever an API version does, the database must not let it through.
const statuses: RideStatus[] = [
  "requested",
  "offered",
  "accepted",
  "picked_up",
  "completed",
  "cancelled",
  "no_driver",
];
const legal = new Set([
  "requested>offered",
  "requested>no_driver",
  "requested>cancelled",
  "offered>requested",
  "offered>accepted",
  "offered>cancelled",
  "accepted>picked_up",
  "accepted>cancelled",
  "picked_up>completed",
]);
const waysTo: Record<RideStatus, RideStatus[]> = {
  requested: [],
  offered: ["offered"],
  accepted: ["offered", "accepted"],
  picked_up: ["offered", "accepted", "picked_up"],
  completed: ["offered", "accepted", "picked_up", "completed"],
  cancelled: ["cancelled"],
  no_driver: ["no_driver"],
};
const pairs = statuses.flatMap((from) => statuses.map((to) => [from, to] as const));

let rig: Rig;
let client: pg.Client;
beforeAll(async () => {
  rig = await startRig();
  client = new pg.Client({ connectionString: await rig.newDatabase() });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await rig.stop();
});

let accounts = 0;
const newAccount = async (role: "rider" | "driver"): Promise<string> => {
  const { rows } = await client.query<{ id: string }>(
    "insert into accounts (role, name, email, password_hash) values ($1, 'A', $2, 'x') returning id",
    [role, `a${(accounts += 1)}@example.test`],
  );
  if (role === "driver") {
    await client.query("insert into drivers (account_id, vehicle, plate) values ($1, 'V', 'P')", [
      rows[0]!.id,
    ]);
  }
  return rows[0]!.id;
};

const insertRide = async (riderId: string, status = "requested"): Promise<string> => {
  const { rows } = await client.query<{ id: string }>(
    `insert into rides (rider_id, status, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, distance_m, duration_s, quote_cents)
     values ($1, $2, 59, 18, 59, 18, 1, 1, 1) returning id`,
    [riderId, status],
  );
  return rows[0]!.id;
};

/** Sets the columns that a status needs besides, so that only the transition itself can be refused. */
const move = (rideId: string, to: RideStatus, driverId: string) =>
  client.query(
    `update rides set status = $2, offer_expires_at = now(),
       driver_id = case when $2 in ('requested', 'no_driver') then null else $3::uuid end,
       fare_cents = case when $2 = 'completed' then 1 end
     where id = $1`,
    [rideId, to, driverId],
  );

const rideIn = async (status: RideStatus): Promise<{ rideId: string; driverId: string; riderId: string }> => {
  const riderId = await newAccount("rider");
  const driverId = await newAccount("driver");
  const rideId = await insertRide(riderId);
  for (const next of waysTo[status]) await move(rideId, next, driverId);
  return { rideId, driverId, riderId };
};

describe("the database", () => {
  test.each(pairs)("on a step from %s to %s", async (from, to) => {
    const { rideId, driverId } = await rideIn(from);
    const step = move(rideId, to, driverId);
    if (legal.has(`${from}>${to}`)) await step;
    else
      await expect(step).rejects.toMatchObject({
        code: "RS001",
        message: `a ride cannot go from ${from} to ${to}`,
      });
    const { rows } = await client.query("select status from rides where id = $1", [rideId]);
    expect(rows[0].status).toBe(legal.has(`${from}>${to}`) ? to : from);
  });

  test("stamps the time of each step by itself", async () => {
    const { rideId } = await rideIn("completed");
    const { rows } = await client.query(
      "select accepted_at is not null a, picked_up_at is not null p, completed_at is not null c, cancelled_at is null n from rides where id = $1",
      [rideId],
    );
    expect(rows[0]).toEqual({ a: true, p: true, c: true, n: true });
  });

  test("lets a ride begin only as requested", async () => {
    await expect(insertRide(await newAccount("rider"), "completed")).rejects.toMatchObject({ code: "RS001" });
  });

  test("gives a rider one active ride, and another once it is over", async () => {
    const { riderId, rideId, driverId } = await rideIn("requested");
    await expect(insertRide(riderId)).rejects.toMatchObject({ constraint: "rides_one_active_per_rider" });
    await move(rideId, "cancelled", driverId);
    await expect(insertRide(riderId)).resolves.toBeTypeOf("string");
  });

  test.each(["offered", "accepted", "picked_up"] as const)(
    "gives a driver no other ride while one is %s",
    async (status) => {
      const { driverId } = await rideIn(status);
      const { rideId } = await rideIn("requested");
      await expect(move(rideId, "offered", driverId)).rejects.toMatchObject({
        constraint: "rides_one_active_per_driver",
      });
    },
  );

  test("keeps no ride under way without a driver", async () => {
    const { rideId } = await rideIn("requested");
    await expect(
      client.query("update rides set status = 'offered', offer_expires_at = now() where id = $1", [rideId]),
    ).rejects.toMatchObject({ constraint: "rides_driver_fits_status" });
  });
});
