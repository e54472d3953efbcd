import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { bytesPayload } from "../../src/adapters/aws/site/aws-connection.ts";
import type { SiteSpec } from "../../src/domain/revision.ts";
import {
  BUCKET,
  connect,
  context,
  distribution,
  keptKeys,
  object,
  passDays,
  publisher,
  release,
  requestsOf,
  rig,
  served,
  specOf,
  useSite,
  type Files,
} from "./site-testbed.ts";

useSite();

const assets = (count: number, version = ""): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `assets/part${at}-Ab3dEf${String(at).padStart(2, "0")}${version}.js`,
      `part ${at}${version}`,
    ]),
  );
const first: Files = {
  "index.html": "<script src=/assets/app-Ab3dEf9h.js></script>",
  "about.html": "about",
  "robots.txt": "all",
  "assets/app-Ab3dEf9h.js": "app 1",
  "größe/a b+c.txt": "odd",
};
const second: Files = {
  "index.html": "<script src=/assets/app-Xy7zWv2q.js></script>",
  "robots.txt": "all",
  "assets/app-Xy7zWv2q.js": "app 2",
  "größe/a b+c.txt": "odd",
};
const hash = (content: string) => createHash("sha256").update(content);

const publish = async (spec: SiteSpec, deployment = "d-0001") => {
  const one = publisher();
  await one.stage(spec, context(deployment));
  return one.switchTo(release(spec), context(deployment));
};

describe("publishing", () => {
  test("staging changes nothing for browsers but adds what nobody refers to; switching serves all of it", async () => {
    const one = await specOf(first, { api: "/api" });
    const two = await specOf(second, { api: "/v2" });
    await publish(one);
    const config = { "config.json": '{"api":"/api"}' };
    expect(await served()).toEqual({ ...first, ...config });
    await publisher().stage(two, context("d-0002"));
    expect(await served()).toEqual({ ...first, ...config, "assets/app-Xy7zWv2q.js": "app 2" });
    await publisher().switchTo(release(two), context("d-0002"));
    expect(await served()).toEqual({
      ...second,
      "config.json": '{"api":"/v2"}',
      "assets/app-Ab3dEf9h.js": "app 1",
    });
    expect(await publisher().serving(context().signal)).toEqual(release(two));
  });

  test("type, caching and checksum of each kind of file, as the aws command reads them", async () => {
    await publish(await specOf(first));
    const head = async (path: string) => {
      const args = ["s3api", "head-object", "--bucket", BUCKET, "--key", `web/${path}`, "--output", "json"];
      const env = { ...process.env, ...rig.env };
      const { stdout } = await promisify(execFile)("aws", args, { env });
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    expect(await head("index.html")).toMatchObject({
      ContentType: "text/html; charset=utf-8",
      CacheControl: "no-cache",
    });
    expect(await head("assets/app-Ab3dEf9h.js")).toMatchObject({
      ContentType: "text/javascript; charset=utf-8",
      CacheControl: "public, max-age=31536000, immutable",
    });
    const { ChecksumSHA256, ContentEncoding } = await object("web/assets/app-Ab3dEf9h.js");
    expect(ChecksumSHA256).toBe(hash("app 1").digest("base64"));
    expect(ContentEncoding).toBeUndefined();
  });

  test("a large file travels in pieces and arrives whole", async () => {
    const film = Buffer.alloc(3_000_001, "film");
    await publish(await specOf({ ...first, "film.mp4": film }));
    const bytes = await (await object("web/film.mp4")).Body!.transformToByteArray();
    expect(Buffer.compare(Buffer.from(bytes), film)).toBe(0);
  });

  test("what is not in the tree cannot be published, and nothing is sent", async () => {
    const spec = await specOf({ "robots.txt": "all" });
    await expect(publisher().stage(spec, context())).rejects.toMatchObject({ code: "SITE_INCOMPLETE" });
    expect(await served()).toEqual({});
  });

  test("no site any more: the page goes first, and files with a hash stay for open tabs", async () => {
    await publish(await specOf(first));
    const calls = await requestsOf(() => publisher().switchTo(null, context("d-0002")));
    expect(await served()).toEqual({ "assets/app-Ab3dEf9h.js": "app 1" });
    const deletes = calls.filter(({ action }) => action === "DeleteObject").map(({ path }) => path);
    expect(deletes[0]).toBe(`/${BUCKET}/web/index.html`);
    expect(await publisher().serving(context().signal)).toBeNull();
  });
});

describe("requests", () => {
  const s3 = (calls: { service: string }[]) => calls.filter(({ service }) => service === "s3");
  const site = { "index.html": "1", ...assets(200) };

  test("cold: files and four; no bucket is listed", async () => {
    const spec = await specOf(site);
    const calls = await requestsOf(() => publish(spec));
    // The deployment's own config.json is one more file.
    expect(s3(calls).length).toBeLessThanOrEqual(202 + 4);
    expect(calls.filter(({ action }) => action.startsWith("List"))).toEqual([]);
  });

  test("nothing changed: one", async () => {
    const spec = await specOf(site);
    await publish(spec);
    expect(await requestsOf(() => publish(spec, "d-0002"))).toHaveLength(1);
  });

  test("1 % changed: the changed ones and four", async () => {
    await publish(await specOf(site));
    const changed = await specOf({ ...site, "index.html": "2", "assets/part7-Qx2Rt5Yv.js": "new" });
    const calls = await requestsOf(() => publish(changed, "d-0002"));
    expect(s3(calls).length).toBeLessThanOrEqual(2 + 4);
  });

  test("exactly the changed mutable paths are invalidated, before and after the viewer's path is rewritten", async () => {
    const shown = (id: string) =>
      fetch(`${rig.url}/2020-05-31/distribution/${distribution}/invalidation/${id}`, {
        headers: {
          authorization:
            "AWS4-HMAC-SHA256 Credential=rig/20260101/us-east-1/cloudfront/aws4_request, SignedHeaders=host, Signature=0",
        },
      }).then((answer) => answer.text());
    await publish(await specOf(first));
    const one = publisher({ route: "/admin/*" });
    const calls = await requestsOf(async () =>
      one.switchTo(release(await specOf(second)), context("d-0002")),
    );
    const polled = calls.filter(({ action }) => action === "GetInvalidation");
    expect(polled).toHaveLength(1);
    const paths = [...(await shown(polled[0]!.path.split("/")[5]!)).matchAll(/<Path>([^<]+)/g)].map(
      ([, path]) => path,
    );
    expect(paths).toEqual(["/about.html", "/admin/about.html", "/admin/index.html", "/index.html"]);
  });
});

describe("rolling back", () => {
  test("copies inside the bucket: no file travels, and no artefact's content is read", async () => {
    const one = await specOf(first);
    await publish(one);
    await publish(await specOf(second), "d-0002");
    const calls = await requestsOf(async () => {
      const done = await publisher().rollbackTo(release(one), context("d-0003"));
      expect(done).toMatchObject({ sent: 0, bytes: 0, copied: 2 });
    });
    expect(calls.filter(({ action }) => action === "CopyObject").map(({ path }) => path)).toEqual([
      `/${BUCKET}/web/about.html`,
      `/${BUCKET}/web/index.html`,
    ]);
    expect(await served()).toEqual({ ...first, "config.json": "{}", "assets/app-Xy7zWv2q.js": "app 2" });
  });

  test("a kept file that somebody deleted is sent from the artefacts", async () => {
    const one = await specOf(first);
    await publish(one);
    await publish(await specOf(second), "d-0002");
    await connect().s3.removeMany(await keptKeys(), context().signal);
    await publisher().rollbackTo(release(one), context("d-0003"));
    expect((await served())["index.html"]).toBe(first["index.html"]);
  });

  test("a name with a hash whose content is another after all does not change before the switch", async () => {
    const one = await specOf(first);
    await publish(one);
    const two = await specOf({ ...first, "assets/app-Ab3dEf9h.js": "another" });
    await publisher().stage(two, context("d-0002"));
    expect((await served())["assets/app-Ab3dEf9h.js"]).toBe("app 1");
    await publisher().switchTo(release(two), context("d-0002"));
    expect((await served())["assets/app-Ab3dEf9h.js"]).toBe("another");
    await publisher().rollbackTo(release(one), context("d-0003"));
    expect((await served())["assets/app-Ab3dEf9h.js"]).toBe("app 1");
  });
});

describe("expiry", () => {
  const MONTH_MS = 30 * 86_400_000;

  test("by age, and never what serves or what a release in reach needs", async () => {
    const one = await specOf(first);
    const two = await specOf(second);
    const three = await specOf({ "index.html": "3", "assets/app-Cd4eFg6h.js": "app 3" });
    for (const [at, spec] of [one, two, three].entries()) await publish(spec, `d-000${at}`);
    const expire = (keep: SiteSpec[]) => publisher().expire(keep, MONTH_MS, context("d-0004"));
    expect(await expire([])).toEqual({ deleted: 0 });
    passDays(31);
    await expire([two]);
    expect(Object.keys(await served()).sort()).toEqual([
      "assets/app-Cd4eFg6h.js",
      "assets/app-Xy7zWv2q.js",
      "config.json",
      "index.html",
    ]);
    const calls = await requestsOf(() => publisher().rollbackTo(release(two), context("d-0005")));
    expect(calls.filter(({ path }) => path.includes("kept")).map(({ action }) => action)).toEqual([]);
    expect(await served()).toMatchObject(second);
    passDays(31);
    await expire([]);
    expect(await served()).toEqual({ ...second, "config.json": "{}" });
    // The release that expired is published again from its artefacts.
    await publish(one, "d-0006");
    expect(await served()).toMatchObject(first);
  });

  test("a release in reach that cannot be read stops it", async () => {
    const one = await specOf(first);
    await publish(one);
    await publish(await specOf(second), "d-0002");
    passDays(31);
    const lost = { ...one, tree: "0".repeat(64) };
    await expect(publisher().expire([lost], 0, context("d-0003"))).rejects.toMatchObject({
      code: "ARTEFACT_MISSING",
    });
    expect((await served())["assets/app-Ab3dEf9h.js"]).toBe("app 1");
  });
});

describe("several deployers", () => {
  test("an earlier epoch is fenced, and so is one whose ledger was replaced meanwhile", async () => {
    const one = await specOf(first);
    const two = await specOf(second);
    const slow = publisher();
    await slow.stage(one, context("d-0001", 1));
    await publisher().stage(two, context("d-0002", 2));
    await expect(publisher().stage(one, context("d-0001", 1))).rejects.toMatchObject({ code: "FENCED" });
    await expect(slow.switchTo(release(one), context("d-0001", 1))).rejects.toMatchObject({ code: "FENCED" });
    await publisher().switchTo(release(two), context("d-0002", 2));
    expect(await served()).toMatchObject(second);
  });
});

test("a damaged record is no end: everything is sent again, and the site is right", async () => {
  const spec = await specOf(first);
  await publish(spec);
  const { s3 } = connect();
  const headers = { contentType: "text/plain", cacheControl: "no-cache" };
  const payload = bytesPayload(Buffer.from("{ half"));
  await s3.put(".switchback/web/ledger.json", { payload, headers }, context().signal);
  const told: string[] = [];
  await publisher().stage(spec, { ...context("d-0002"), onProgress: (text) => told.push(text) });
  await publisher().switchTo(release(spec), context("d-0002"));
  expect(told).toContain("the site's record is damaged: everything is sent again");
  expect(await served()).toEqual({ ...first, "config.json": "{}" });
});
