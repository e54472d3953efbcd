import { expect, test } from "vitest";
import { shop } from "../../infra/copilot/testbed.ts";
import type { CommandContext } from "../command-context.ts";
import { makeTerminal } from "../terminal.ts";
import { importCopilot } from "./import-copilot.ts";

const run = async (options: Parameters<typeof importCopilot>[2], environment = "test") => {
  let text = "";
  const stream = {
    write: (chunk: string) => ((text += chunk), true),
    on: () => stream,
    columns: 100,
  } as never;
  const read: string[] = [];
  const context = {
    terminal: makeTerminal({ stdout: stream, stderr: stream, env: { LANG: "C.UTF-8" } }),
    copilot: () =>
      Promise.resolve({
        read: (folder: string) => {
          read.push(folder);
          return Promise.resolve(shop());
        },
      }),
  } as Partial<CommandContext> as CommandContext;
  return { code: await importCopilot(context, environment, options), text, read };
};

test("people see what becomes of each thing, the files and the draft", async () => {
  const { code, text, read } = await run({ from: "stacks" });
  expect(code).toBe(0);
  expect(read).toEqual(["stacks"]);
  expect(text).toContain("2 Terraform takes over");
  expect(text).toContain("infra/bootstrap/imports.tf");
  expect(text).toContain('  id = "shop/api"');
  expect(text).toContain("export default defineApp({");
  expect(text).toContain("api: Service Connect");
  expect(text).toContain("switchback secret set test STRIPE_KEY");
});

test("programs get all of it, and may call the environment something else", async () => {
  const { text } = await run({ from: "stacks", json: true, copilotEnvironment: "test" }, "staging");
  const found = JSON.parse(text) as { files: Record<string, string>; resources: unknown[] };
  expect(Object.keys(found.files)).toEqual(["infra/staging/imports.tf", "infra/bootstrap/imports.tf"]);
  expect(found.resources.length).toBeGreaterThan(70);
});

test("without a folder nothing is guessed", async () => {
  await expect(run({})).rejects.toMatchObject({
    code: "USAGE",
    hint: "switchback infra import-copilot test --from FOLDER",
  });
});
