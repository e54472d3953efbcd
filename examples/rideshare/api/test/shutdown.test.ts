import { afterAll, beforeAll, expect, test } from "vitest";
import { placeholderPhoto } from "../src/seed/placeholder-photo.ts";
import { call, newDriver, newRider } from "./person.ts";
import { eventually, query, startRig, type Rig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const untilRefused = (baseUrl: string) =>
  eventually(() =>
    call(baseUrl, ["GET", "/api/version"]).then(
      () => false,
      () => true,
    ),
  );

test("SIGTERM ends open event streams cleanly, closes every connection and exits 0", async () => {
  const databaseUrl = await rig.newDatabase();
  const api = await rig.startApi(databaseUrl);
  const driver = await newDriver(api.baseUrl, { lat: 59, lng: 18 });
  const rider = await newRider(api.baseUrl);
  const ride = (
    await rider.call("POST", "/api/rides", { pickup: { lat: 59, lng: 18 }, dropoff: { lat: 59.1, lng: 18 } })
  ).body;
  const streams = await Promise.all([
    rider.follow(`/api/rides/${ride.id}/events`),
    driver.follow("/api/driver/events"),
  ]);
  await Promise.all(streams.map((stream) => stream.untilRide(({ status }) => status === "offered")));

  api.kill("SIGTERM");
  await Promise.all(streams.map((stream) => stream.ended()));
  const { code, stdout } = await api.finished;
  expect(code).toBe(0);
  expect(stdout).toContain('"Stopped"');
  expect(stdout).not.toContain("cut off");
  const left = await query(
    databaseUrl,
    "select 1 from pg_stat_activity where application_name like 'rideshare-api%' and datname = current_database()",
  );
  expect(left).toEqual([]);
});

test("SIGTERM lets a request under way finish while new connections are refused", async () => {
  const databaseUrl = await rig.newDatabase();
  const api = await rig.startApi(databaseUrl);
  const driver = await newDriver(api.baseUrl, { lat: 59, lng: 18 });
  const photo = placeholderPhoto(1);
  const head =
    '--cut\r\nContent-Disposition: form-data; name="file"; filename="me.png"\r\nContent-Type: image/png\r\n\r\n';

  // An upload whose second half is sent only after the API stopped listening.
  let sendRest!: () => void;
  const rest = new Promise<void>((resolve) => (sendRest = resolve));
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.concat([Buffer.from(head), photo.subarray(0, 40)]));
      await rest;
      controller.enqueue(Buffer.concat([photo.subarray(40), Buffer.from("\r\n--cut--\r\n")]));
      controller.close();
    },
  });
  const [before] = await query<{ now: string }>(databaseUrl, "select clock_timestamp()::text as now");
  const upload = fetch(new URL("/api/driver/documents/photo", api.baseUrl), {
    method: "PUT",
    headers: { authorization: `Bearer ${driver.token}`, "content-type": "multipart/form-data; boundary=cut" },
    body,
    duplex: "half",
  });
  // Its session is looked up: the request has arrived.
  await eventually(async () => {
    const lookups = await query(
      databaseUrl,
      `select 1 from pg_stat_activity
       where application_name = 'rideshare-api' and query like '%from sessions%' and query_start > $1`,
      [before!.now],
    );
    return lookups.length > 0;
  });

  api.kill("SIGTERM");
  await untilRefused(api.baseUrl);
  sendRest();
  expect((await upload).status).toBe(204);
  expect((await api.finished).code).toBe(0);
  expect(await query(databaseUrl, "select kind from driver_documents")).toEqual([{ kind: "photo" }]);
});

test("a client that never finishes does not keep the process from exiting 0", async () => {
  const api = await rig.startApi(await rig.newDatabase());
  const driver = await newDriver(api.baseUrl, { lat: 59, lng: 18 });
  const upload = fetch(new URL("/api/driver/documents/photo", api.baseUrl), {
    method: "PUT",
    headers: { authorization: `Bearer ${driver.token}`, "content-type": "multipart/form-data; boundary=cut" },
    body: new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("--cut\r\n")) }),
    duplex: "half",
  }).then(
    ({ status }) => status,
    () => "cut off",
  );
  await eventually(async () => api.log().includes("/api/driver/availability"));
  api.kill("SIGTERM");
  expect((await api.finished).code).toBe(0);
  expect(await upload).toBe("cut off");
});

test.each([
  ["nothing", {}, ["DATABASE_URL", "BUCKET_UPLOADS_URL", "SESSION_SECRET"]],
  [
    "a short secret",
    { DATABASE_URL: "postgres://h/d", BUCKET_UPLOADS_URL: "file:///tmp", SESSION_SECRET: "hush" },
    ["SESSION_SECRET"],
  ],
  ["a port that is none", { PORT: "http" }, ["PORT"]],
  ["another database", { DATABASE_URL: "mysql://h/d" }, ["DATABASE_URL"]],
  ["a bucket without a scheme", { BUCKET_UPLOADS_URL: "/uploads" }, ["BUCKET_UPLOADS_URL"]],
])(
  "with %s in the environment the server exits 2 and names what is wrong, not its value",
  async (_what, env, names) => {
    const { code, stdout } = await rig.run("server", [], env);
    expect(code).toBe(2);
    for (const name of names) expect(stdout).toContain(name);
    expect(stdout).not.toMatch(/hush|mysql/);
  },
);
