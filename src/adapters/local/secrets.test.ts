import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeNodeScript } from "../../../test/helpers/node-script.ts";
import { systemClock as clock } from "../../../test/helpers/system-clock.ts";
import { makeSecrets, secretsFileOf } from "./secrets.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchback-secrets-"));
  file = join(folder, "app/secrets.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secrets = () => makeSecrets({ file, clock });
const bind = { service: "api" };

test("a value is read by its version, also when a newer one is current", async () => {
  expect(await secrets().set("staging", "API_KEY", { text: "one" })).toEqual({ version: "v1" });
  expect(await secrets().set("staging", "API_KEY", { text: "two" })).toEqual({ version: "v2" });
  expect(await secrets().versions("staging", { API_KEY: { generate: false } })).toEqual({ API_KEY: "v2" });
  expect(await secrets().values("staging", { ...bind, bound: { API_KEY: "v1" } })).toEqual({
    API_KEY: "one",
  });
  expect(await secrets().versions("production", { API_KEY: { generate: false } })).toEqual({});
});

test("the list holds names and versions, and no value", async () => {
  await secrets().set("staging", "API_KEY", { text: "hunter2" });
  const list = await secrets().list("staging");
  expect(list).toEqual([{ name: "API_KEY", current: "v1", versions: ["v1"] }]);
});

test("setting the current value again makes no new version", async () => {
  await secrets().set("staging", "API_KEY", { text: "one" });
  expect(await secrets().set("staging", "API_KEY", { text: "one" })).toEqual({ version: "v1" });
});

test("ten versions are kept, and those that were asked for", async () => {
  for (let n = 1; n <= 12; n += 1)
    await secrets().set("staging", "API_KEY", { text: `value ${n}`, keep: ["v1"] });
  const [found] = await secrets().list("staging");
  expect(found?.versions).toEqual(["v1", ...Array.from({ length: 10 }, (_, n) => `v${n + 3}`)]);
  expect(await secrets().unreadable("staging", { API_KEY: "v2" })).toEqual(["API_KEY"]);
  expect(await secrets().unreadable("staging", { API_KEY: "v1" })).toEqual([]);
});

test("a removed secret's versions are never given out for another value", async () => {
  await secrets().set("staging", "API_KEY", { text: "one" });
  expect(await secrets().remove("staging", "API_KEY")).toBe(true);
  expect(await secrets().remove("staging", "API_KEY")).toBe(false);
  expect(await secrets().list("staging")).toEqual([]);
  expect(await secrets().set("staging", "API_KEY", { text: "two" })).toEqual({ version: "v2" });
  await expect(secrets().values("staging", { ...bind, bound: { API_KEY: "v1" } })).rejects.toMatchObject({
    code: "SECRET_MISSING",
    hint: "set it with: switchback secret set staging API_KEY",
  });
});

test("what may be generated is generated once", async () => {
  const wanted = { SESSION: { generate: true }, API_KEY: { generate: false } };
  const all = await Promise.all([1, 2, 3].map(() => secrets().versions("dev", wanted)));
  expect(all).toEqual([{ SESSION: "v1" }, { SESSION: "v1" }, { SESSION: "v1" }]);
  const { SESSION } = await secrets().values("dev", { ...bind, bound: { SESSION: "v1" } });
  expect(Buffer.from(SESSION!, "base64url")).toHaveLength(32);
});

test("the file and its folder are the user's alone, and nothing is read that others could read", async () => {
  await secrets().set("dev", "API_KEY", { text: "hunter2" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "app")).mode & 0o777).toBe(0o700);
  chmodSync(file, 0o640);
  await expect(secrets().list("dev")).rejects.toMatchObject({
    code: "SECRETS_UNSAFE",
    hint: `chmod 600 ${file}`,
  });
  chmodSync(file, 0o600);
  chmodSync(join(folder, "app"), 0o755);
  await expect(secrets().set("dev", "API_KEY", { text: "x" })).rejects.toMatchObject({
    code: "SECRETS_UNSAFE",
  });
});

test("a link in place of the file is refused", async () => {
  await secrets().set("dev", "API_KEY", { text: "hunter2" });
  const elsewhere = join(folder, "elsewhere.json");
  writeFileSync(elsewhere, readFileSync(file), { mode: 0o600 });
  rmSync(file);
  symlinkSync(elsewhere, file);
  await expect(secrets().list("dev")).rejects.toMatchObject({ code: "SECRETS_UNSAFE" });
});

test("a damaged file is named without showing what is in it", async () => {
  await secrets().set("dev", "API_KEY", { text: "hunter2" });
  writeFileSync(file, readFileSync(file, "utf8").slice(0, -5));
  const error = await secrets()
    .list("dev")
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "STORE_CORRUPT" });
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("hunter2");
});

test("names and values that no environment variable can hold are refused", async () => {
  for (const name of ["", "A-B", "1A", "A=B"])
    await expect(secrets().set("dev", name, { text: "x" })).rejects.toMatchObject({ code: "USAGE" });
  for (const text of ["", "a\0b", "x".repeat(70_000)])
    await expect(secrets().set("dev", "A", { text })).rejects.toMatchObject({ code: "USAGE" });
});

test("writers in several processes lose nothing, even when one is killed in the middle", async () => {
  const script = await makeNodeScript(
    `import { makeSecrets } from "./secrets.ts";
     import { systemClock as clock } from "../../../test/helpers/system-clock.ts";
     const [file, name, count] = process.argv.slice(2);
     const secrets = makeSecrets({ file, clock });
     for (let n = 1; n <= Number(count); n += 1) {
       await secrets.set("dev", name + n, { text: name });
       console.log(n);
     }`,
    import.meta.dirname,
  );
  const doomed = script.start([file, "DOOMED", "1000"]);
  const writers = ["A", "B"].map((name) => script.start([file, name, "15"]));
  while (!doomed.text().includes("3")) await clock.sleep(5);
  doomed.child.kill("SIGKILL");
  expect(await Promise.all(writers.map((one) => one.ended))).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  const names = (await secrets().list("dev")).map(({ name }) => name);
  expect(names.filter((name) => /^[AB]\d/.test(name))).toHaveLength(30);
  expect(names).toEqual(expect.arrayContaining(["DOOMED1", "DOOMED2", "DOOMED3"]));
  script.remove();
});

test("the file lies outside of the repository", () => {
  expect(secretsFileOf("shop", { home: "/home/a" })).toBe("/home/a/.config/switchback/shop/secrets.json");
  expect(secretsFileOf("shop", { home: "/home/a", xdgConfigHome: "/etc/x" })).toBe(
    "/etc/x/switchback/shop/secrets.json",
  );
});
