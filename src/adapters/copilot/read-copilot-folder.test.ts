import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeCopilotFiles } from "./read-copilot-folder.ts";

let cwd: string;
beforeEach(() => void (cwd = mkdtempSync(join(tmpdir(), "copilot-"))));
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (path: string, text = path): void => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const pathsIn = async (folder: string) =>
  (await makeCopilotFiles({ cwd }).read(folder)).map(({ path, text }) => [path, text]);

test("the folder's JSON files are read, and the manifests of the project", async () => {
  write("stacks/shop-test.json");
  write("stacks/notes.txt");
  write("stacks/deeper/ignored.json");
  write("copilot/api/manifest.yml");
  write("copilot/environments/test/manifest.yml");
  write("copilot/api/addons/cart.yml");
  const expected = [
    ["shop-test.json", "stacks/shop-test.json"],
    ["copilot/api/manifest.yml", "copilot/api/manifest.yml"],
    ["copilot/environments/test/manifest.yml", "copilot/environments/test/manifest.yml"],
  ];
  expect(await pathsIn("stacks")).toEqual(expected);
  expect(await pathsIn("stacks/")).toEqual(expected);
  expect(await pathsIn(join(cwd, "stacks"))).toEqual(expected);
});

test("manifests in the folder itself come before those of the project", async () => {
  write("stacks/copilot/api/manifest.yaml");
  write("copilot/mailer/manifest.yml");
  expect(await pathsIn("stacks")).toEqual([
    ["copilot/api/manifest.yaml", "stacks/copilot/api/manifest.yaml"],
  ]);
});

test("without manifests there are the stacks alone; without the folder it is said which command fills it", async () => {
  write("stacks/shop-test.json");
  expect(await pathsIn("stacks")).toHaveLength(1);
  await expect(pathsIn("stakcs")).rejects.toMatchObject({
    code: "COPILOT_UNREADABLE",
    message: "stakcs cannot be read.",
    hint: expect.stringContaining("describe-stack-resources") as string,
  });
});
