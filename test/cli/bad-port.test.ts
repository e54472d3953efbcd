import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { errorOf, expectTold } from "../helpers/told.ts";

let project: TinyProject;
let stranger: Server | null = null;

afterEach(async () => {
  if (stranger !== null) await new Promise((closed) => stranger!.close(closed));
  stranger = null;
  await project.close();
});

const run = (...args: string[]) => project.run(...args, "--json");
const urlOf = async () => {
  const [status] = JSON.parse((await run("status", "development")).stdout) as [
    { urls: string[]; problems: string[] },
  ];
  return { port: Number(new URL(status.urls[0]!).port), problems: status.problems };
};
/** Somebody else's program, on that port or on any. */
const occupy = async (port: number): Promise<number> => {
  stranger = createServer((socket) => socket.end("a stranger")).listen(port, "127.0.0.1");
  await once(stranger, "listening");
  return (stranger.address() as { port: number }).port;
};
const deployFirst = async () => {
  project = makeTinyProject();
  project.writeApi("one");
  project.writeSite("site");
  expect((await run("deploy", "development")).code).toBe(0);
};

test("a gateway whose port was taken meanwhile finds another, and says so", async () => {
  await deployFirst();
  const { port } = await urlOf();
  expect((await run("down")).code).toBe(0);
  await occupy(port);
  const deploy = await project.run("deploy", "development");
  expect(deploy.code).toBe(0);
  const now = await urlOf();
  expect(now.port).not.toBe(port);
  expect(deploy.stderr).toContain(`:${now.port}`);
  expect(now.problems.join("\n")).toMatch(`port ${port} is in use by another program`);
  expect((await project.run("status", "development")).stdout).toContain(`port ${port} is in use`);
  project.forgetPort();
  expect((await project.get("/api/hello")).body).toBe("one");
  // The next start keeps the new address, and has nothing to say about it.
  expect((await run("down")).code).toBe(0);
  expect((await run("deploy", "development")).code).toBe(0);
  expect(await urlOf()).toEqual({ port: now.port, problems: [] });
});

test("a port that was asked for and is taken ends up with a clear word, and nothing lingers", async () => {
  project = makeTinyProject();
  const port = await occupy(0);
  const error = expectTold(await run("up", "--port", String(port)), 3, "PORT_TAKEN");
  expect(error.message).toContain(String(port));
  for (const wrong of ["0", "65536", "http", "-1"])
    expectTold(await run("up", `--port=${wrong}`), 2, "USAGE");
  project.writeApi("one");
  project.writeSite("site");
  expect((await run("deploy", "development")).code).toBe(0);
  expectTold(await run("up"), 3, "ENVIRONMENT_BUSY");
});

test("a service that insists on a port which is taken is named with its own words, and taken back", async () => {
  await deployFirst();
  const port = await occupy(0);
  project.writeApi("two", `require("node:net").createServer().listen(${port}, "127.0.0.1");`);
  const ran = await run("deploy", "development");
  const error = errorOf(ran);
  expect([ran.code, error.code]).toEqual([1, "INSTANCE_UNHEALTHY"]);
  expect(JSON.stringify(error.context)).toContain(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
  expect((await project.get("/api/hello")).body).toBe("one");
});
