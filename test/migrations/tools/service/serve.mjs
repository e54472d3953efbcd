import { createServer } from "node:http";
import pg from "pg";

/** Answers `/health` and what `routes` has; writes by itself ten times a second. */
export const serve = ({ routes, work }) => {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 3 });
  pool.on("error", () => {});
  const all = { "/health": (db) => db.query("select 1"), ...routes };
  const server = createServer(async (request, response) => {
    const route = all[request.url];
    try {
      const found = route === undefined ? null : await route(pool);
      response.writeHead(found === null ? 404 : 200).end(JSON.stringify(found?.rows ?? null));
    } catch (error) {
      console.error(error.message);
      response.writeHead(500).end(error.message);
    }
  });
  server.listen(Number(process.env.PORT), process.env.HOST);
  const timer = setInterval(() => work(pool).catch((error) => console.error(error.message)), 100);
  process.on("SIGTERM", () => {
    clearInterval(timer);
    server.close();
    server.closeAllConnections();
    void pool.end();
  });
};
