import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Ride } from "../src/rides/ride.ts";
import { newDriver, newRider, type Person } from "./person.ts";
import { eventually, query, startRig, type Rig, type RunningApi } from "./rig.ts";

const way = { pickup: { lat: 59.33, lng: 18.06, label: "Centralen" }, dropoff: { lat: 59.3, lng: 18.1 } };
const near = { lat: 59.331, lng: 18.061 };
const far = { lat: 59.34, lng: 18.07 };

let rig: Rig;
let databaseUrl: string;
let one: RunningApi;
let two: RunningApi;

beforeAll(async () => {
  rig = await startRig();
  databaseUrl = await rig.newDatabase();
  // Offers end when a test says so (below), not by the clock.
  const patient = { OFFER_SECONDS: "600", SEARCH_SECONDS: "3600" };
  [one, two] = await Promise.all([rig.startApi(databaseUrl, patient), rig.startApi(databaseUrl, patient)]);
});
afterAll(() => rig.stop());
// Drivers of the test before go home, so that each test knows who is nearest.
beforeEach(() => query(databaseUrl, "update drivers set available = false"));

const book = async (rider: Person): Promise<Ride> => {
  const { status, body } = await rider.call("POST", "/api/rides", way);
  expect(status).toBe(201);
  return body as Ride;
};

const act = (person: Person, ride: { id: string }, action: string) =>
  person.call("POST", `/api/rides/${ride.id}/${action}`);

const expectRefused = async (answer: ReturnType<typeof act>, status: number, code: string): Promise<void> => {
  expect(await answer).toMatchObject({ status, body: { error: { code } } });
};

/** Somebody's ride in the state `picked_up`. */
const rideUnderWay = async () => {
  const driver = await newDriver(one.baseUrl, near);
  const rider = await newRider(one.baseUrl);
  const ride = await book(rider);
  await act(driver, ride, "accept");
  await act(driver, ride, "pick-up");
  return { driver, rider, ride };
};

describe("a ride", () => {
  test("goes from the request to the receipt, with rider and driver at different processes", async () => {
    const rider = await newRider(one.baseUrl);
    const driver = await newDriver(two.baseUrl, near);
    await newDriver(two.baseUrl, far);
    const offers = await driver.follow("/api/driver/events");
    await offers.until(({ event }) => event === "idle");

    const quote = (await rider.call("POST", "/api/rides/quote", way)).body;
    const ride = await book(rider);
    expect(ride).toMatchObject({
      status: "offered",
      pickup: way.pickup,
      dropoff: way.dropoff,
      quoteCents: quote.fareCents,
      fareCents: null,
      rider: { id: rider.id },
      driver: { id: driver.id, plate: "ABC 123", position: near, hasPhoto: false },
      acceptedAt: null,
    });
    expect(await offers.untilRide(({ status }) => status === "offered")).toMatchObject({ id: ride.id });

    const events = await rider.follow(`/api/rides/${ride.id}/events`);
    await events.untilRide(({ status }) => status === "offered");
    expect((await act(driver, ride, "accept")).body.status).toBe("accepted");
    await events.untilRide(({ status, acceptedAt }) => status === "accepted" && acceptedAt !== null);

    await driver.call("PUT", "/api/driver/position", { lat: 59.3305, lng: 18.0605 });
    await events.untilRide((latest) => latest.driver?.position?.lat === 59.3305);
    await act(driver, ride, "pick-up");
    await events.untilRide(({ status }) => status === "picked_up");
    expect((await rider.call("GET", "/api/rides/current")).body.ride.id).toBe(ride.id);
    expect((await driver.call("GET", "/api/rides/current")).body.ride.id).toBe(ride.id);

    await act(driver, ride, "drop-off");
    const done = await events.untilRide(({ status }) => status === "completed");
    expect(done).toMatchObject({ fareCents: quote.fareCents, driver: { position: null } });
    await events.ended();
    await offers.until(({ event }) => event === "idle");
    expect((await rider.call("GET", "/api/rides/current")).body).toEqual({ ride: null });
    expect((await rider.call("GET", "/api/rides")).body.rides.map(({ id }: Ride) => id)).toEqual([ride.id]);

    const receipt = (await rider.call("GET", `/api/rides/${ride.id}/receipt`)).body;
    expect(receipt).toMatchObject({
      rideId: ride.id,
      totalCents: quote.fareCents,
      currency: "SEK",
      from: way.pickup,
    });
    const sum = receipt.lines.reduce(
      (total: number, line: { amountCents: number }) => total + line.amountCents,
      0,
    );
    expect(sum).toBe(quote.fareCents);
    offers.close();
  });

  test("is offered to the next nearest when a driver declines, and never to the same one again", async () => {
    const rider = await newRider(one.baseUrl);
    const nearest = await newDriver(one.baseUrl, near);
    const next = await newDriver(two.baseUrl, far);
    const ride = await book(rider);
    expect(ride.driver?.id).toBe(nearest.id);

    expect((await act(nearest, ride, "decline")).body).toMatchObject({
      status: "offered",
      driver: { id: next.id },
    });
    await expectRefused(act(nearest, ride, "accept"), 409, "ILLEGAL_TRANSITION");
    expect((await act(next, ride, "decline")).body).toMatchObject({ status: "requested", driver: null });
    await act(rider, ride, "cancel");
  });

  test("is offered to the next nearest when the offer runs out", async () => {
    const rider = await newRider(one.baseUrl);
    const nearest = await newDriver(one.baseUrl, near);
    const next = await newDriver(one.baseUrl, far);
    const ride = await book(rider);
    expect(ride.driver?.id).toBe(nearest.id);
    const events = await rider.follow(`/api/rides/${ride.id}/events`);
    await query(
      databaseUrl,
      "update rides set offer_expires_at = now() - interval '1 second' where id = $1",
      [ride.id],
    );
    await events.untilRide(({ status, driver }) => status === "offered" && driver?.id === next.id);
    const outcomes = await query(
      databaseUrl,
      "select outcome from ride_offers where ride_id = $1 order by offered_at",
      [ride.id],
    );
    expect(outcomes).toEqual([{ outcome: "expired" }, { outcome: "open" }]);
    events.close();
    await act(rider, ride, "cancel");
  });

  test("waits for a driver to come on duty, and ends as no_driver when none does", async () => {
    const rider = await newRider(one.baseUrl);
    const waiting = await book(rider);
    expect(waiting.status).toBe("requested");
    const events = await rider.follow(`/api/rides/${waiting.id}/events`);
    const driver = await newDriver(two.baseUrl, near);
    await events.untilRide((ride) => ride.status === "offered" && ride.driver?.id === driver.id);
    await driver.call("PUT", "/api/driver/availability", { available: false });
    await act(driver, waiting, "decline");
    await events.untilRide(({ status }) => status === "requested");

    await query(databaseUrl, "update rides set requested_at = now() - interval '2 hours' where id = $1", [
      waiting.id,
    ]);
    await events.untilRide(({ status }) => status === "no_driver");
    await events.ended();
    expect((await rider.call("GET", "/api/rides/current")).body).toEqual({ ride: null });
  });

  test("two riders at once never get the same driver", async () => {
    const drivers = await Promise.all([near, far].map((position) => newDriver(one.baseUrl, position)));
    const riders = await Promise.all([one, two, one, two].map((api) => newRider(api.baseUrl)));
    const rides = await Promise.all(riders.map(book));
    const offered = rides.flatMap(({ driver }) => (driver ? [driver.id] : []));
    expect(offered.sort()).toEqual(drivers.map(({ id }) => id).sort());
    await Promise.all(riders.map((rider, i) => act(rider, rides[i]!, "cancel")));
  });

  test("can be cancelled by either side until the pick-up", async () => {
    const driver = await newDriver(one.baseUrl, near);
    const rider = await newRider(one.baseUrl);
    const first = await book(rider);
    expect((await act(rider, first, "cancel")).body).toMatchObject({ status: "cancelled" });
    await expectRefused(act(rider, first, "cancel"), 409, "ILLEGAL_TRANSITION");

    const second = await book(rider);
    // Whoever is merely asked cannot call off somebody else's ride.
    await expectRefused(act(driver, second, "cancel"), 409, "ILLEGAL_TRANSITION");
    await act(driver, second, "accept");
    await expectRefused(act(driver, second, "decline"), 409, "ILLEGAL_TRANSITION");
    expect((await act(driver, second, "cancel")).body).toMatchObject({ status: "cancelled" });
  });

  test("cannot be cancelled after the pick-up", async () => {
    const { rider, driver, ride } = await rideUnderWay();
    await expectRefused(act(rider, ride, "cancel"), 409, "ILLEGAL_TRANSITION");
    await expectRefused(act(driver, ride, "cancel"), 409, "ILLEGAL_TRANSITION");
    await act(driver, ride, "drop-off");
  });

  test("takes steps in order only", async () => {
    const driver = await newDriver(one.baseUrl, near);
    const rider = await newRider(one.baseUrl);
    const ride = await book(rider);
    await expectRefused(act(driver, ride, "pick-up"), 409, "ILLEGAL_TRANSITION");
    await act(driver, ride, "accept");
    await expectRefused(act(driver, ride, "accept"), 409, "ILLEGAL_TRANSITION");
    await expectRefused(act(driver, ride, "drop-off"), 409, "ILLEGAL_TRANSITION");
    await expectRefused(driver.call("GET", `/api/rides/${ride.id}/receipt`), 404, "NOT_FOUND");
    await act(driver, ride, "cancel");
  });

  test("accepted by one driver from two windows at once is accepted once", async () => {
    const driver = await newDriver(one.baseUrl, near);
    const rider = await newRider(one.baseUrl);
    const ride = await book(rider);
    const answers = await Promise.all([
      act(driver, ride, "accept"),
      act(driver.at(two.baseUrl), ride, "accept"),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await act(driver, ride, "cancel");
  });

  test("is nobody else's business", async () => {
    const { rider, driver, ride } = await rideUnderWay();
    const stranger = await newRider(one.baseUrl);
    const otherDriver = await newDriver(one.baseUrl, far);
    await expectRefused(stranger.call("GET", `/api/rides/${ride.id}`), 403, "FORBIDDEN");
    await expectRefused(stranger.call("GET", `/api/rides/${ride.id}/events`), 403, "FORBIDDEN");
    await expectRefused(stranger.call("GET", `/api/rides/${ride.id}/receipt`), 403, "FORBIDDEN");
    await expectRefused(act(stranger, ride, "cancel"), 403, "FORBIDDEN");
    await expectRefused(act(otherDriver, ride, "drop-off"), 403, "FORBIDDEN");
    await expectRefused(act(rider, ride, "drop-off"), 403, "FORBIDDEN");
    await expectRefused(driver.call("POST", "/api/rides", way), 403, "FORBIDDEN");
    await expectRefused(
      rider.call("GET", "/api/rides/00000000-0000-4000-8000-000000000000"),
      404,
      "NOT_FOUND",
    );
    await act(driver, ride, "drop-off");
  });

  test("is one at a time for a rider", async () => {
    const { rider, driver, ride } = await rideUnderWay();
    await expectRefused(rider.call("POST", "/api/rides", way), 409, "RIDE_ACTIVE");
    await act(driver, ride, "drop-off");
  });
});

describe("live updates", () => {
  test("come through again after the event connections of both processes were cut", async () => {
    const { rider, driver, ride } = await rideUnderWay();
    const events = await rider.at(two.baseUrl).follow(`/api/rides/${ride.id}/events`);
    await events.untilRide(({ status }) => status === "picked_up");
    const listeners =
      "select pid from pg_stat_activity where application_name = 'rideshare-api-events' and datname = current_database()";
    const before = await query<{ pid: number }>(databaseUrl, listeners);
    expect(before).toHaveLength(2);
    await query(databaseUrl, "select pg_terminate_backend(pid) from unnest($1::int[]) as pid", [
      before.map(({ pid }) => pid),
    ]);
    // Written while perhaps nobody listens: it must arrive with the new connection.
    await act(driver, ride, "drop-off");
    await events.untilRide(({ status }) => status === "completed");
    await events.ended();
    const after = await eventually(async () => {
      const rows = await query<{ pid: number }>(databaseUrl, listeners);
      return rows.length === 2 ? rows : null;
    });
    expect(before.some(({ pid }) => after.some((other) => other.pid === pid))).toBe(false);
  });

  test("end for a driver whose offer went to somebody else", async () => {
    const rider = await newRider(one.baseUrl);
    const nearest = await newDriver(one.baseUrl, near);
    await newDriver(one.baseUrl, far);
    const ride = await book(rider);
    const events = await nearest.at(two.baseUrl).follow(`/api/rides/${ride.id}/events`);
    await events.untilRide(({ status }) => status === "offered");
    await act(nearest, ride, "decline");
    await events.ended();
    await act(rider, ride, "cancel");
  });
});
