// The API of the proof's app. What it is and how it misbehaves stands in release.json beside it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";

const {
  name,
  fault = null,
  bootMs = 0,
} = JSON.parse(readFileSync(new URL("release.json", import.meta.url), "utf8"));
const { PORT, HOST, DATABASE_URL } = process.env;
const startedMs = Date.now();

console.error(`release ${name} boots`);
if (fault === "exits at start") {
  console.error("fatal: the map service is misconfigured");
  process.exit(1);
}
if (fault === "takes a taken port") {
  const { takenPort } = JSON.parse(readFileSync(new URL("release.json", import.meta.url), "utf8"));
  createServer().listen(takenPort, "127.0.0.1");
}
if (fault === "exits later")
  setTimeout(() => {
    console.error("fatal: lost the queue after 5 s");
    process.exit(7);
  }, 5000);
if (fault === "eats memory") {
  const kept = [];
  setInterval(() => kept.push(Buffer.alloc(16 * 1024 * 1024, 1)), 100);
}
if (bootMs > 0) await wait(bootMs);

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 4 });
pool.on("error", (error) => console.error(`database: ${error.message}`));

const bodyOf = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const json = (response, status, value) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
};

/** Thirty parts over a second and a half, numbered, with an end mark. */
const stream = async (response) => {
  response.writeHead(200, { "content-type": "text/plain" });
  for (let part = 0; part < 30; part++) {
    response.write(`${name} ${part}\n`);
    await wait(50);
  }
  response.end("end\n");
};

const answer = async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://app");
  if (pathname === "/api/health") {
    if (fault === "never healthy") {
      if (Date.now() - startedMs < 400) console.error("waiting for the price table");
      return json(response, 503, { status: "starting" });
    }
    await pool.query("select 1");
    return json(response, 200, { status: "ready" });
  }
  if (fault === "fails a fifth" && Math.random() < 0.2) {
    console.error(`no fare table for ${pathname}`);
    return json(response, 500, { release: name, error: "no fare table" });
  }
  if (pathname === "/api/hello") return json(response, 200, { release: name, n: searchParams.get("n") });
  if (pathname === "/api/notes" && request.method === "POST") {
    const body = await bodyOf(request);
    const sha256 = createHash("sha256").update(body).digest("hex");
    await pool.query("insert into notes (id, sha256) values ($1, $2)", [searchParams.get("id"), sha256]);
    return json(response, 201, { release: name, sha256 });
  }
  if (pathname === "/api/stream") return stream(response);
  return json(response, 404, { release: name });
};

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(`${request.method} ${request.url}: ${error.message}`);
    if (!response.headersSent) json(response, 500, { release: name, error: error.message });
    else response.destroy();
  });
});
server.listen(Number(PORT), HOST);
process.on("SIGTERM", () => {
  server.close(() => void pool.end().then(() => process.exit(0)));
  server.closeIdleConnections();
});
