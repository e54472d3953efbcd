// npm start: the rideshare app deployed on this machine. `-- --once` deploys, checks itself, and stops everything again.
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root, switchback } from "./project.mjs";

ensureInstalled();
await ensureBuilt();

const cwd = join(root, "examples/rideshare");
const run = (...args) => switchback(args, { cwd });
const readJson = async (...args) =>
  JSON.parse((await switchback(args, { cwd, stdio: ["ignore", "pipe", "inherit"] })).stdout || "null");
const fail = (why) => {
  console.error(why);
  process.exit(1);
};

const once = process.argv.includes("--once");
const deployed = await run("deploy", "development", "--wait");
if (deployed.status !== 0) process.exit(deployed.status);
const seeded = await switchback(["run", "development", "--", "node", "dist/seed.js"], {
  cwd,
  stdio: ["ignore", 2, 2],
});
if (seeded.status !== 0) fail("The app serves, and its demo data could not be made; the message is above.");

const [status] = await readJson("status", "development", "--json");
const url = status?.urls[0];
if (url === undefined) fail("The deployment ended well, and no address is served.");

if (once) {
  const { port } = new URL(url);
  const ask = (path) => fetch(`http://127.0.0.1:${port}${path}`);
  const health = await (await ask("/api/health")).json();
  const page = await (await ask("/ride")).text();
  const config = await (await ask("/config.json")).json();
  const checks = {
    "the API is ready": health.status === "ready",
    "the page is served, deep links too": page.includes('<div id="root"') || page.includes("<script"),
    "the site says which release it is": config.release?.startsWith("r-") === true,
    "every instance is healthy": status.services.every(({ healthy, wanted }) => healthy === wanted),
  };
  for (const [what, holds] of Object.entries(checks)) console.log(`${holds ? "✔" : "✘"} ${what}`);
  await run("down");
  const failed = Object.values(checks).filter((holds) => !holds).length;
  console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

console.log(`
Rideshare is serving at  ${url}

  simulate riders and drivers   npm run simulate
  look                          npm run switchback -- status
  go on with the tour           README.md
  stop everything               npm run switchback -- down
`);
