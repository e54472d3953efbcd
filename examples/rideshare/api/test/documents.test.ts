import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sniffImage } from "../src/documents/image-type.ts";
import { placeholderPhoto } from "../src/seed/placeholder-photo.ts";
import { call, newDriver, newRider, type Person } from "./person.ts";
import { startRig, type Rig, type RunningApi } from "./rig.ts";

const megabyte = 1024 * 1024;
const png = placeholderPhoto(1);

let rig: Rig;
let databaseUrl: string;
let api: RunningApi;
let driver: Person;
beforeAll(async () => {
  rig = await startRig();
  databaseUrl = await rig.newDatabase();
  api = await rig.startApi(databaseUrl);
  driver = await newDriver(api.baseUrl, { lat: 59, lng: 18 });
});
afterAll(() => rig.stop());

const form = (bytes: Uint8Array, { field = "file", name = "me.png", type = "image/png" } = {}): FormData => {
  const body = new FormData();
  body.set(field, new Blob([new Uint8Array(bytes)], { type }), name);
  return body;
};

const photoOf = async (
  person: Person,
  { baseUrl = api.baseUrl, headers = {} }: { baseUrl?: string; headers?: Record<string, string> } = {},
) => {
  const response = await fetch(new URL(`/api/drivers/${person.id}/photo`, baseUrl), { headers });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};

describe("a driver's photo", () => {
  test("is served to everyone, byte for byte, and not again to who has it", async () => {
    expect((await photoOf(driver)).status).toBe(404);
    expect((await driver.call("PUT", "/api/driver/documents/photo", form(png))).status).toBe(204);

    const served = await photoOf(driver);
    expect(served).toMatchObject({ status: 200, bytes: png });
    expect(served.headers.get("content-type")).toBe("image/png");
    expect(served.headers.get("cache-control")).toContain("public");
    expect(served.headers.get("x-content-type-options")).toBe("nosniff");
    const etag = served.headers.get("etag")!;
    expect(await photoOf(driver, { headers: { "if-none-match": etag } })).toMatchObject({
      status: 304,
      bytes: { length: 0 },
    });
    expect((await driver.call("GET", "/api/me")).body.driver).toMatchObject({
      hasPhoto: true,
      hasLicence: false,
    });

    const other = placeholderPhoto(2);
    expect((await driver.call("PUT", "/api/driver/documents/photo", form(other))).status).toBe(204);
    const changed = await photoOf(driver, { headers: { "if-none-match": etag } });
    expect(changed).toMatchObject({ status: 200, bytes: other });
    expect(changed.headers.get("etag")).not.toBe(etag);
  });

  test("is what its bytes say, not what its name says", async () => {
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100)]);
    await driver.call("PUT", "/api/driver/documents/photo", form(jpeg, { name: "me.png" }));
    expect((await photoOf(driver)).headers.get("content-type")).toBe("image/jpeg");

    const page = form(Buffer.from("<html><script>alert(1)</script>"));
    expect(await driver.call("PUT", "/api/driver/documents/photo", page)).toMatchObject({
      status: 415,
      body: { error: { code: "UNSUPPORTED_TYPE" } },
    });
    expect((await photoOf(driver)).bytes).toEqual(jpeg);
  });

  test("may have 5 MB and not a byte more", async () => {
    const whole = Buffer.concat([png, Buffer.alloc(5 * megabyte - png.length)]);
    expect((await driver.call("PUT", "/api/driver/documents/photo", form(whole))).status).toBe(204);
    const more = Buffer.concat([whole, Buffer.alloc(1)]);
    expect(await driver.call("PUT", "/api/driver/documents/photo", form(more))).toMatchObject({
      status: 413,
      body: { error: { code: "TOO_LARGE" } },
    });
    expect((await photoOf(driver)).bytes).toHaveLength(whole.length);
  });

  test("has to come in the field `file` of a form", async () => {
    expect(
      await driver.call("PUT", "/api/driver/documents/photo", form(png, { field: "photo" })),
    ).toMatchObject({
      status: 400,
      body: { error: { code: "BAD_INPUT" } },
    });
    expect(await driver.call("PUT", "/api/driver/documents/photo", { file: "x" })).toMatchObject({
      status: 415,
      body: { error: { code: "UNSUPPORTED_TYPE" } },
    });
    const rider = await newRider(api.baseUrl);
    expect((await rider.call("PUT", "/api/driver/documents/photo", form(png))).status).toBe(403);
  });
});

test("a driver's licence is shown to that driver only", async () => {
  const other = await newDriver(api.baseUrl, { lat: 59, lng: 18 });
  expect((await driver.call("PUT", "/api/driver/documents/licence", form(png))).status).toBe(204);
  const own = await driver.call("GET", "/api/driver/documents/licence");
  expect(own.status).toBe(200);
  expect(own.headers.get("cache-control")).toContain("private");
  expect((await other.call("GET", "/api/driver/documents/licence")).status).toBe(404);
  expect((await call(api.baseUrl, ["GET", `/api/drivers/${driver.id}/licence`])).status).toBe(404);
});

test("images are told by their first bytes", () => {
  const text = (value: string) => Buffer.from(value, "latin1");
  expect(sniffImage(png)?.mime).toBe("image/png");
  expect(sniffImage(text("RIFF\0\0\0\0WEBPVP8 "))?.mime).toBe("image/webp");
  expect(sniffImage(text("\xff\xd8\xff\xe1"))?.mime).toBe("image/jpeg");
  for (const other of ["", "GIF89a", "RIFF\0\0\0\0WAVE", "\x89PNG", "<svg xmlns=", "%PDF-1.7"]) {
    expect(sniffImage(text(other))).toBeNull();
  }
});

describe("a bucket that speaks S3", () => {
  const objects = new Map<string, { bytes: Buffer; type: string }>();
  const signed: boolean[] = [];
  let server: Server;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const key = decodeURIComponent(request.url!.split("?")[0]!);
      signed.push(request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=an-id/") ?? false);
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.method === "PUT") {
          objects.set(key, { bytes: Buffer.concat(chunks), type: request.headers["content-type"] ?? "" });
          return response.end();
        }
        if (request.method === "DELETE") {
          objects.delete(key);
          return response.writeHead(204).end();
        }
        const found = objects.get(key);
        return found
          ? response.writeHead(200, { "content-type": found.type }).end(found.bytes)
          : response.writeHead(404).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  test("keeps photos, with signed requests, and drops a replaced one", async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const s3 = await rig.startApi(databaseUrl, {
      BUCKET_UPLOADS_URL: `s3://photos?region=eu-north-1&endpoint=${encodeURIComponent(endpoint)}`,
      AWS_ACCESS_KEY_ID: "an-id",
      AWS_SECRET_ACCESS_KEY: "a-key",
    });
    const person = await newDriver(s3.baseUrl, { lat: 59, lng: 18 });
    expect((await person.call("PUT", "/api/driver/documents/photo", form(png))).status).toBe(204);
    expect(await photoOf(person, { baseUrl: s3.baseUrl })).toMatchObject({ status: 200, bytes: png });
    expect([...objects.keys()]).toEqual([
      expect.stringMatching(`^/photos/drivers/${person.id}/photo-[0-9a-f]{32}\\.png$`),
    ]);

    const other = placeholderPhoto(3);
    expect((await person.call("PUT", "/api/driver/documents/photo", form(other))).status).toBe(204);
    expect([...objects.values()].map(({ bytes, type }) => ({ bytes, type }))).toEqual([
      { bytes: other, type: "image/png" },
    ]);
    expect(signed.length).toBeGreaterThan(3);
    expect(signed).not.toContain(false);
  });
});
