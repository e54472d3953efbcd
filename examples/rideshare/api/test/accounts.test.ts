import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, newDriver, newRider } from "./person.ts";
import { query, startRig, type Rig, type RunningApi } from "./rig.ts";

let rig: Rig;
let databaseUrl: string;
let api: RunningApi;
beforeAll(async () => {
  rig = await startRig();
  databaseUrl = await rig.newDatabase();
  api = await rig.startApi(databaseUrl, { SWITCHBACK_ENVIRONMENT: "testing", SWITCHBACK_REVISION: "r-0123" });
});
afterAll(() => rig.stop());

const rider = { name: "Åsa Öberg", email: "Asa@Example.test", password: "correct horse" };

describe("signing up and in", () => {
  test("an account is made once, and its password opens sessions until they are closed", async () => {
    const made = await call(api.baseUrl, ["POST", "/api/riders"], { body: rider });
    expect(made).toMatchObject({
      status: 201,
      body: { account: { role: "rider", name: rider.name, email: "asa@example.test" } },
    });
    expect(Date.parse(made.body.expiresAt)).toBeGreaterThan(Date.now());
    expect(
      await call(api.baseUrl, ["POST", "/api/drivers"], { body: { ...rider, vehicle: "V", plate: "P" } }),
    ).toMatchObject({ status: 409, body: { error: { code: "EMAIL_TAKEN" } } });

    const session = { email: rider.email.toUpperCase(), password: rider.password };
    const { status, body } = await call(api.baseUrl, ["POST", "/api/sessions"], { body: session });
    expect(status).toBe(200);
    const me = () => call(api.baseUrl, ["GET", "/api/me"], { token: body.token });
    expect(await me()).toMatchObject({ status: 200, body: { account: made.body.account } });
    expect((await call(api.baseUrl, ["DELETE", "/api/sessions"], { token: body.token })).status).toBe(204);
    expect(await me()).toMatchObject({ status: 401, body: { error: { code: "UNAUTHENTICATED" } } });
    // The other session is not touched.
    expect((await call(api.baseUrl, ["GET", "/api/me"], { token: made.body.token })).status).toBe(200);
  });

  test("a wrong password and an unknown address get the same answer", async () => {
    const attempt = (email: string, password: string) =>
      call(api.baseUrl, ["POST", "/api/sessions"], { body: { email, password } });
    await newRider(api.baseUrl);
    const [wrong, unknown] = await Promise.all([
      attempt(rider.email, "wrong"),
      attempt("who@example.test", "wrong"),
    ]);
    expect(wrong.status).toBe(401);
    expect(wrong.body.error.code).toBe("WRONG_CREDENTIALS");
    expect(unknown.body).toEqual(wrong.body);
  });

  test("a token stops working when it expires", async () => {
    const person = await newRider(api.baseUrl);
    expect((await person.call("GET", "/api/me")).status).toBe(200);
    await query(
      databaseUrl,
      "update sessions set expires_at = now() - interval '1 second' where account_id = $1",
      [person.id],
    );
    expect(await person.call("GET", "/api/me")).toMatchObject({
      status: 401,
      body: { error: { code: "UNAUTHENTICATED" } },
    });
  });

  test("a token under another session secret is worth nothing", async () => {
    const person = await newRider(api.baseUrl);
    const other = await rig.startApi(databaseUrl, { SESSION_SECRET: "quite another secret" });
    expect((await person.at(other.baseUrl).call("GET", "/api/me")).status).toBe(401);
    other.kill("SIGTERM");
    expect((await other.finished).code).toBe(0);
  });

  test("neither passwords nor tokens are in the database or in the log", async () => {
    const person = await newRider(api.baseUrl);
    const rows = await query<{ line: string }>(
      databaseUrl,
      "select a::text || coalesce(s::text, '') as line from accounts a left join sessions s on s.account_id = a.id",
    );
    const everything = rows.map(({ line }) => line).join("\n") + api.log();
    expect(everything).toContain(person.id);
    const hex = Buffer.from(person.token, "utf8").toString("hex");
    for (const secret of ["correct horse", person.token, hex]) expect(everything).not.toContain(secret);
  });

  test("a driver sees the own profile; riders may not do drivers' things", async () => {
    const driver = await newDriver(api.baseUrl, { lat: 59.3, lng: 18.1 });
    expect((await driver.call("GET", "/api/me")).body).toMatchObject({
      account: { id: driver.id, role: "driver" },
      driver: {
        vehicle: "Volvo, blue",
        plate: "ABC 123",
        available: true,
        position: { lat: 59.3, lng: 18.1 },
        hasPhoto: false,
        hasLicence: false,
      },
    });
    const person = await newRider(api.baseUrl);
    expect(await person.call("PUT", "/api/driver/availability", { available: true })).toMatchObject({
      status: 403,
      body: { error: { code: "FORBIDDEN" } },
    });
  });
});

const place = { lat: 59, lng: 18 };
const anonymous: [what: string, method: string, path: string, body: unknown, names: string][] = [
  ["no body", "POST", "/api/riders", {}, "name"],
  ["an empty name", "POST", "/api/riders", { ...rider, name: "" }, "name"],
  ["a blank name", "POST", "/api/riders", { ...rider, name: "   " }, "name"],
  ["a long name", "POST", "/api/riders", { ...rider, name: "x".repeat(81) }, "name"],
  ["an address without @", "POST", "/api/riders", { ...rider, email: "nobody" }, "email"],
  ["a short password", "POST", "/api/riders", { ...rider, password: "short" }, "password"],
  ["a password that is a number", "POST", "/api/riders", { ...rider, password: 12345678 }, "password"],
  ["a driver without a plate", "POST", "/api/drivers", { ...rider, vehicle: "V" }, "plate"],
  ["no place", "GET", "/api/drivers/nearby", undefined, "lat"],
  ["a latitude that is a word", "GET", "/api/drivers/nearby?lat=north&lng=18", undefined, "lat"],
  ["a latitude beyond the pole", "GET", "/api/drivers/nearby?lat=90.5&lng=18", undefined, "lat"],
  [
    "a radius around half the world",
    "GET",
    "/api/drivers/nearby?lat=9&lng=18&radiusM=9e6",
    undefined,
    "radiusM",
  ],
  ["a limit of zero", "GET", "/api/drivers/nearby?lat=9&lng=18&limit=0", undefined, "limit"],
  ["a driver's id that is none", "GET", "/api/drivers/7/photo", undefined, "id"],
];
const signedIn: typeof anonymous = [
  ["a longitude beyond 180", "POST", "/api/rides", { pickup: place, dropoff: { lat: 1, lng: 180.1 } }, "lng"],
  ["a place without a latitude", "POST", "/api/rides/quote", { pickup: { lng: 1 }, dropoff: place }, "lat"],
  [
    "coordinates that are text",
    "POST",
    "/api/rides/quote",
    { pickup: { lat: "1", lng: 1 }, dropoff: place },
    "lat",
  ],
  [
    "a long label",
    "POST",
    "/api/rides",
    { pickup: place, dropoff: { ...place, label: "x".repeat(121) } },
    "label",
  ],
  ["a ride's id that is none", "GET", "/api/rides/7", undefined, "id"],
  ["a history of none", "GET", "/api/rides?limit=0", undefined, "limit"],
];

describe("bad input", () => {
  test.each(anonymous)("%s is a 400 that names the field", async (_what, method, path, body, names) => {
    const answer = await call(api.baseUrl, [method, path], { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "BAD_INPUT" } } });
    expect(answer.body.error.message).toContain(names);
  });

  test.each(signedIn)("%s is a 400 that names the field", async (_what, method, path, body, names) => {
    const answer = await (await newRider(api.baseUrl)).call(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "BAD_INPUT" } } });
    expect(answer.body.error.message).toContain(names);
  });

  test.each([
    ["JSON that is none", "{", { "content-type": "application/json" }, 400, "BAD_INPUT"],
    ["another content type", "<a/>", { "content-type": "application/xml" }, 415, "UNSUPPORTED_TYPE"],
    ["a huge body", `"${"x".repeat(70_000)}"`, { "content-type": "application/json" }, 413, "TOO_LARGE"],
  ])("%s is refused", async (_what, body, headers, status, code) => {
    const answer = await call(api.baseUrl, ["POST", "/api/riders"], { body, headers });
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  });

  test("an unknown path is a 404 in the same form", async () => {
    expect(await call(api.baseUrl, ["GET", "/api/nothing?token=secret"])).toEqual(
      expect.objectContaining({
        status: 404,
        body: { error: { code: "NOT_FOUND", message: "There is no GET /api/nothing." } },
      }),
    );
  });

  test.each([
    "/api/me",
    "/api/rides",
    "/api/rides/current",
    "/api/driver/events",
    "/api/driver/documents/licence",
  ])("%s without a token is a 401", async (path) => {
    for (const token of [undefined, "made-up"]) {
      const answer = await call(api.baseUrl, ["GET", path], token === undefined ? {} : { token });
      expect(answer).toMatchObject({ status: 401, body: { error: { code: "UNAUTHENTICATED" } } });
    }
  });
});

test("the version says which revision answers, and where", async () => {
  expect((await call(api.baseUrl, ["GET", "/api/version"])).body).toEqual({
    name: "rideshare-api",
    version: "0.1.0",
    revision: "r-0123",
    environment: "testing",
    node: process.versions.node,
    startedAt: expect.stringMatching(/^\d{4}-/),
  });
});

test("every line of the log is JSON with a time, a level and a message", () => {
  const lines = api.log().split("\n").filter(Boolean);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({
      time: expect.any(String),
      level: expect.any(String),
      message: expect.any(String),
    });
  }
});
