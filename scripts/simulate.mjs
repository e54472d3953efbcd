// npm run simulate: riders and drivers through the API of the deployed example, until Ctrl-C.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root, switchback } from "./project.mjs";

const cwd = join(root, "examples/rideshare");
const answer = await switchback(["status", "development", "--json"], {
  cwd,
  stdio: ["ignore", "pipe", "inherit"],
});
const [status] = answer.status === 0 ? JSON.parse(answer.stdout) : [];
if (status?.urls[0] === undefined) {
  console.error("Nothing is served here yet. Start it with: npm start");
  process.exit(3);
}
const { port } = new URL(status.urls[0]);
console.error(`Driving through ${status.urls[0]}; Ctrl-C ends it, the app goes on.`);
const args = [
  join(cwd, "api/dist/simulate.js"),
  "--base-url",
  `http://127.0.0.1:${port}`,
  ...process.argv.slice(2),
];
const child = spawn(process.execPath, args, { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 0));
