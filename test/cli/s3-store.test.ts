import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFaultyProxy, type FaultyProxy } from "../helpers/faulty-proxy.ts";
import { CREDENTIALS, REGION, startMoto, type Moto } from "../helpers/moto.ts";
import { ELSEWHERE } from "../helpers/s3-store.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { expectTold } from "../helpers/told.ts";

// The real command line, deploying on this machine, with its log in a bucket of a real server.
let moto: Moto;
let proxy: FaultyProxy;
let project: TinyProject;
let n = 0;

const ENV = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_REGION: REGION,
  AWS_EC2_METADATA_DISABLED: "true",
};
const run = (...args: string[]) => project.run(...args, "--json");
const serves = async () => [(await project.get("/api/hello")).body, (await project.get("/")).body];
const change = (before = "") => {
  project.writeApi(`api ${++n}`, before);
  project.writeSite(`site ${n}`);
};
const keys = async () => {
  const { Contents = [] } = await moto.client.send(new ListObjectsV2Command({ Bucket: "releases" }));
  return Contents.map(({ Key }) => Key);
};

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultyProxy(moto.endpoint);
  await moto.client.send(new CreateBucketCommand({ Bucket: "releases", ...ELSEWHERE }));
  const versioning = { Bucket: "releases", VersioningConfiguration: { Status: "Enabled" } } as const;
  await moto.client.send(new PutBucketVersioningCommand(versioning));
  const store = { type: "s3", bucket: "releases", endpoint: proxy.endpoint };
  project = makeTinyProject({}, { settings: { store }, env: ENV });
});
afterAll(async () => {
  await project.close();
  await proxy.close();
  await moto.stop();
});

test("lock, status, history and unlock work on a bucket, and stderr has nothing of the SDK", async () => {
  const locked = await project.run("lock", "development", "--why", "nobody deploys today");
  expect(locked.code, locked.stderr).toBe(0);
  const status = await project.run("status");
  expect([status.code, status.stdout]).toEqual([0, expect.stringContaining("nobody deploys today")]);
  expect(locked.stderr + status.stderr).not.toMatch(/Warning|node --trace|AWS SDK/);
  change();
  expectTold(await run("deploy", "development"), 3, "ENVIRONMENT_LOCKED");
  expect((await run("unlock", "development")).code).toBe(0);
  expect((await run("history", "development", "--verify")).code).toBe(0);
  expect(await keys()).toContain("tiny/environments/development/log/000000000002.json");
});

test("a deployment and its way back leave their log in the bucket, and none in files", async () => {
  change();
  expect((await run("deploy", "development")).code).toBe(0);
  const before = await serves();
  change();
  expect((await run("deploy", "development")).code).toBe(0);
  expect((await run("rollback", "development")).code).toBe(0);
  expect(await serves()).toEqual(before);
  const history = await project.run("history", "development");
  expect(history.stdout).toMatch(/d-0003/);
  expect((await run("releases")).stdout).toContain("createdAt");
  expect((await run("history", "development", "--verify")).code).toBe(0);
  expect(existsSync(join(project.folder, ".switchback/store/environments"))).toBe(false);
});

test("a deployment that is killed halfway is resumed from the bucket by the next command", async () => {
  change("const until = Date.now() + 1500; while (Date.now() < until);");
  const runner = project.start("deploy", "development");
  while (!(await run("status", "development")).stdout.includes(`"open":{`)) await wait(50);
  runner.kill("SIGKILL");
  await once(runner, "exit");
  expectTold(await run("deploy", "development"), 3, "DEPLOYMENT_OPEN");
  const resumed = await run("resume", "development");
  expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
  expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
  expect((await run("history", "development", "--verify")).code).toBe(0);
});

test("a deployment during which the bucket goes away ends with 4, and is resumed when it is back", async () => {
  change("const until = Date.now() + 800; while (Date.now() < until);");
  let puts = 0;
  proxy.fate(({ method }) =>
    method === "PUT" && ++puts > 10
      ? { type: "answer", status: 403, code: "AccessDenied" }
      : { type: "pass" },
  );
  const error = expectTold(await run("deploy", "development"), 4, "OUTCOME_UNKNOWN");
  expect(error.message).toContain(
    "s3:PutObject is not allowed on arn:aws:s3:::releases/tiny/environments/development/",
  );
  proxy.fate(() => ({ type: "pass" }));
  const resumed = await run("resume", "development");
  expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
  expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
});

test("every third answer is lost, and a deployment ends as asked for all the same", async () => {
  change();
  proxy.fate(({ number }) => (number % 3 === 0 ? { type: "lost" } : { type: "pass" }));
  const deployed = await run("deploy", "development");
  proxy.fate(() => ({ type: "pass" }));
  expect(deployed.code, deployed.stdout + deployed.stderr).toBe(0);
  expect(await serves()).toEqual([`api ${n}`, `site ${n}`]);
  expect((await run("history", "development", "--verify")).code).toBe(0);
});

test("wrong settings and missing rights are told in plain words, with a next step", async () => {
  const without = (name: string) => ({ env: { [name]: "" } });
  const status = async (options: { env: Record<string, string> }) =>
    project.runWith(options, "status", "--json");
  expectTold(
    await status({
      env: { ...without("AWS_ACCESS_KEY_ID").env, AWS_SECRET_ACCESS_KEY: "", HOME: project.folder },
    }),
    3,
    "AWS_CREDENTIALS",
  );
  expectTold(await status({ env: { AWS_REGION: "", HOME: project.folder } }), 3, "STORE_BUCKET");
  proxy.fate(() => ({
    type: "answer",
    status: 301,
    code: "PermanentRedirect",
    headers: { "x-amz-bucket-region": "eu-west-1" },
  }));
  expect(expectTold(await run("status"), 3, "STORE_BUCKET").hint).toContain("eu-west-1");
  proxy.fate(({ method }) => ({
    type: "pass",
    without: method === "PUT" ? ["if-none-match", "if-match"] : [],
  }));
  expectTold(await run("lock", "development", "--why", "x"), 3, "STORE_UNSAFE");
  proxy.fate(() => ({ type: "pass" }));
  expect((await run("history", "development", "--verify")).code).toBe(0);
});

test("the log and the releases of a file store, copied into a bucket as they are, are the same history there", async () => {
  const files = makeTinyProject({}, { env: ENV });
  try {
    for (const round of [1, 2]) {
      files.writeApi(`moved ${round}`);
      files.writeSite(`moved ${round}`);
      expect((await files.run("deploy", "development")).code).toBe(0);
    }
    const folder = join(files.folder, ".switchback/store");
    for (const below of ["environments/development/log", "releases"])
      for (const name of readdirSync(join(folder, below))) {
        const Body = readFileSync(join(folder, below, name));
        const Key = `moved/${below}/${name}`;
        await moto.client.send(new PutObjectCommand({ Bucket: "releases", Key, Body }));
      }
    const before = await files.run("history", "development", "--json");
    const store = { type: "s3", bucket: "releases", prefix: "moved", endpoint: moto.endpoint };
    const config = files.config.replace(/};\n$/, `, store: ${JSON.stringify(store)} };\n`);
    expect(config).not.toBe(files.config);
    writeFileSync(join(files.folder, "switchback.config.mjs"), config);
    rmSync(join(folder, "environments"), { recursive: true });
    expect((await files.run("history", "development", "--verify")).code).toBe(0);
    expect((await files.run("history", "development", "--json")).stdout).toBe(before.stdout);
    expect((await files.run("rollback", "development")).code).toBe(0);
    expect((await files.get("/api/hello")).body).toBe("moved 1");
  } finally {
    await files.close();
  }
});
