import { expect, test } from "vitest";
import type { CommandContext, ContextOptions } from "./command-context.ts";
import { runCli } from "./program.ts";
import { makeTerminal } from "./terminal.ts";

/** Stops at the first thing that a command asks for, and says with which options. */
const asked = async (...argv: string[]): Promise<ContextOptions | null> => {
  let seen: ContextOptions | null = null;
  const stream = { write: () => true, on: () => stream } as never;
  const context: CommandContext = {
    terminal: makeTerminal({ stdout: stream, stderr: stream, env: {} }),
    version: "0",
    cwd: "/",
    app: (options) => {
      seen = options;
      return Promise.reject(new Error("far enough"));
    },
    localHost: () => Promise.reject(new Error("far enough")),
    inspector: () => Promise.reject(new Error("far enough")),
    infra: () => Promise.reject(new Error("far enough")),
    copilot: () => Promise.reject(new Error("far enough")),
    stdin: () => Promise.resolve(""),
    question: null,
    onSignal: () => () => undefined,
  };
  await runCli(argv, context).catch((error: Error) => {
    if (error.message !== "far enough") throw error;
  });
  return seen;
};

test("what every command takes may stand before it or after it", async () => {
  const expected = { config: "x.ts", local: true };
  expect(await asked("--config", "x.ts", "--local", "status")).toEqual(expected);
  expect(await asked("status", "--config", "x.ts", "--local")).toEqual(expected);
  expect(await asked("status")).toEqual({ config: undefined, local: false });
});

test("a mistyped option or command is refused, and the help of what was meant is named", async () => {
  await expect(asked("deploy", "development", "--relase", "x")).rejects.toMatchObject({
    code: "USAGE",
    hint: "switchback deploy --help",
  });
  await expect(asked("deplyo")).rejects.toMatchObject({ code: "USAGE", hint: "switchback --help" });
});
