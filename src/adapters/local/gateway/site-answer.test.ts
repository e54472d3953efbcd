import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FileTree } from "../../../domain/file-tree.ts";
import {
  ask,
  atEnd,
  host,
  instance,
  raw,
  service,
  startBackend,
  startGateway,
  type Ask,
  type Reply,
} from "./gateway.test-rig.ts";
import type { GatewaySite } from "./types.ts";

const digest = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

const materialise = async (
  files: Record<string, string | Buffer>,
): Promise<{ root: string; tree: FileTree }> => {
  const root = await mkdtemp(join(tmpdir(), "site-"));
  atEnd(() => rm(root, { recursive: true }));
  const tree: FileTree = { format: 1, entries: {} };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    tree.entries[path] = {
      type: "file",
      sha256: digest(content),
      bytes: Buffer.byteLength(content),
      executable: false,
    };
  }
  return { root, tree };
};

const SCRIPT = "console.log('rides');\n".repeat(200);
const LARGE = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
const FILES = {
  "index.html": "<h1>app</h1>",
  "assets/index-DiwrgTda.js": SCRIPT,
  "assets/made-Ab3dEf9h.css": "body{}".repeat(300),
  "assets/made-Ab3dEf9h.css.br": brotliCompressSync("body{}".repeat(300)),
  "docs/index.html": "docs",
  "film.mp4": LARGE,
  "robots.txt": "",
};

const startSite = async (changes: Partial<GatewaySite> = {}) => {
  const current = await materialise(FILES);
  const { gateway, port } = await startGateway();
  const site: GatewaySite = {
    name: "web",
    route: "/*",
    ...current,
    fallback: "index.html",
    config: '{"api":"/api"}',
    release: "r",
    earlier: [],
    ...changes,
  };
  gateway.configure([host([], [site])]);
  return {
    gateway,
    port,
    site,
    root: current.root,
    get: (path: string, options: Ask = {}): Promise<Reply> => ask(port, { path, ...options }),
  };
};

test("files come with type, tag and the caching that their name allows", async () => {
  const { get } = await startSite();
  const page = await get("/");
  expect(page.text).toBe("<h1>app</h1>");
  expect(page.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    etag: `"${digest("<h1>app</h1>")}"`,
    "x-content-type-options": "nosniff",
  });
  const script = await get("/assets/index-DiwrgTda.js");
  expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(script.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(script.headers.vary).toBe("Accept-Encoding");
  expect((await get("/robots.txt")).headers["content-length"]).toBe("0");
  expect((await get("/docs")).text).toBe("docs");
});

test("a path of client-side routing gets the page, a missing asset never does", async () => {
  const { get } = await startSite();
  const page = await get("/rides/42?x=1", { headers: { Accept: "text/html" } });
  expect([page.status, page.text, page.headers["cache-control"]]).toEqual([200, "<h1>app</h1>", "no-cache"]);
  for (const path of ["/assets/gone-DiwrgTdb.js", "/gone.js", "/favicon.ico"]) {
    const missing = await get(path, { headers: { Accept: "text/html" } });
    expect(missing.status).toBe(404);
    expect(missing.text).not.toContain("<h1>");
  }
});

test("open tabs find the assets of earlier releases", async () => {
  const earlier = await materialise({ "assets/old-Zz9Yy8Xx.js": "old", "index.html": "old page" });
  const { get } = await startSite({ earlier: [earlier] });
  const old = await get("/assets/old-Zz9Yy8Xx.js");
  expect([old.text, old.headers["cache-control"]]).toEqual(["old", "public, max-age=31536000, immutable"]);
  expect((await get("/")).text).toBe("<h1>app</h1>");
});

test("runtime configuration is served fresh, below the site's route, beside its services", async () => {
  const api = await startBackend((_, response) => response.end("api"));
  const { gateway, port, site } = await startSite();
  gateway.configure([
    host(
      [service([instance(api.port)], { route: "/api/*" })],
      [{ ...site, route: "/admin/*", config: "{}" }, site],
    ),
  ]);
  const config = await ask(port, { path: "/config.json" });
  expect([config.text, config.headers["cache-control"]]).toEqual(['{"api":"/api"}', "no-cache"]);
  expect((await ask(port, { path: "/admin/config.json" })).text).toBe("{}");
  expect((await ask(port, { path: "/admin/docs/" })).text).toBe("docs");
  expect((await ask(port, { path: "/api/x" })).text).toBe("api");
  const same = await ask(port, {
    path: "/config.json",
    headers: { "If-None-Match": config.headers.etag ?? "" },
  });
  expect(same.status).toBe(304);
});

test("conditions, ranges and HEAD follow RFC 9110", async () => {
  const { get } = await startSite();
  const etag = `"${digest(LARGE)}"`;
  expect((await get("/film.mp4")).bytes.equals(LARGE)).toBe(true);
  expect((await get("/film.mp4", { headers: { "If-None-Match": `"x", W/${etag}` } })).status).toBe(304);
  const part = await get("/film.mp4", { headers: { Range: "bytes=100-199", "If-Range": etag } });
  expect([part.status, part.headers["content-range"]]).toEqual([206, `bytes 100-199/${LARGE.length}`]);
  expect(part.bytes.equals(LARGE.subarray(100, 200))).toBe(true);
  const tail = await get("/film.mp4", { headers: { Range: "bytes=-7" } });
  expect(tail.bytes.equals(LARGE.subarray(-7))).toBe(true);
  const small = await get("/assets/index-DiwrgTda.js", {
    headers: { Range: "bytes=0-6", "Accept-Encoding": "br" },
  });
  expect([small.status, small.text]).toEqual([206, "console"]);
  for (const headers of [
    { Range: "bytes=0-1,5-6" },
    { Range: "lines=1-2" },
    { Range: "bytes=0-1", "If-Range": '"other"' },
  ])
    expect((await get("/film.mp4", { headers })).status).toBe(200);
  const beyond = await get("/film.mp4", { headers: { Range: `bytes=${LARGE.length}-` } });
  expect([beyond.status, beyond.headers["content-range"]]).toEqual([416, `bytes */${LARGE.length}`]);
  const head = await get("/film.mp4", { method: "HEAD" });
  expect([head.headers["content-length"], head.text]).toEqual([String(LARGE.length), ""]);
  const post = await get("/", { method: "POST", body: "x" });
  expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
});

test("compressed forms: the build's own, and otherwise made once in the background", async () => {
  const { get } = await startSite();
  const made = await get("/assets/made-Ab3dEf9h.css", { headers: { "Accept-Encoding": "gzip, br" } });
  expect(made.headers["content-encoding"]).toBe("br");
  expect(brotliDecompressSync(made.bytes).toString()).toBe("body{}".repeat(300));
  const path = "/assets/index-DiwrgTda.js";
  const first = await get(path, { headers: { "Accept-Encoding": "br" } });
  expect([first.headers["content-encoding"], first.text]).toEqual([undefined, SCRIPT]);
  for (const [accept, coding, decode] of [
    ["br", "br", brotliDecompressSync],
    ["br;q=0, gzip", "gzip", gunzipSync],
  ] as const) {
    let reply = await get(path, { headers: { "Accept-Encoding": accept } });
    while (reply.headers["content-encoding"] === undefined)
      reply = await get(path, { headers: { "Accept-Encoding": accept } });
    expect(reply.headers["content-encoding"]).toBe(coding);
    expect(decode(reply.bytes).toString()).toBe(SCRIPT);
    expect(reply.headers.etag).toBe(`"${digest(SCRIPT)}-${coding}"`);
  }
  expect((await get(path)).headers["content-encoding"]).toBeUndefined();
});

test("no request reads a file outside the manifest", async () => {
  const { port, root } = await startSite();
  await writeFile(join(root, "secret.txt"), "SECRET");
  await writeFile(join(dirname(root), "secret-outside.txt"), "SECRET");
  atEnd(() => rm(join(dirname(root), "secret-outside.txt")));
  const piece = fc.constantFrom(
    "..",
    "%2e%2e",
    "%2E.",
    ".",
    "",
    "%2f",
    "%5c",
    "%00",
    "assets",
    "secret.txt",
    "secret-outside.txt",
    "etc",
    "passwd",
    "%ff",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 7 }), async (pieces) => {
      const text = await raw(
        port,
        `GET /${pieces.join("/")} HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1\.1 (200|400|404) /);
      expect(text).not.toMatch(/SECRET|root:/);
    }),
    { numRuns: 150 },
  );
});

test("a link put in a file's place on the disk is not followed", async () => {
  const { get, root } = await startSite();
  await writeFile(join(root, "secret.txt"), "SECRET");
  await rm(join(root, "docs/index.html"));
  await symlink(join(root, "secret.txt"), join(root, "docs/index.html"));
  const reply = await get("/docs/");
  expect(reply.status).toBe(500);
  expect(reply.text).not.toContain("SECRET");
});
