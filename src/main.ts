#!/usr/bin/env node
import { runMain } from "./cli/main-loop.ts";
import { makeTerminal } from "./cli/terminal.ts";
import { VERSION } from "./version.ts";

const { stdin, stdout, stderr } = process;

/** Not as a terminal: readline would take Ctrl-C, the second of which has a meaning of its own. */
const readLine = async (prompt: string, signal: AbortSignal): Promise<string | null> => {
  const { createInterface } = await import("node:readline");
  if (signal.aborted) return null;
  stderr.write(prompt);
  const lines = createInterface({ input: stdin, terminal: false });
  const close = () => lines.close();
  signal.addEventListener("abort", close);
  return new Promise<string | null>((resolve) => {
    lines.once("line", resolve).once("close", () => resolve(null));
  }).finally(() => {
    signal.removeEventListener("abort", close);
    lines.close();
  });
};

/** The composition root: the only place that knows adapters, each loaded when something needs it. */
const wiring = () => import("./wiring.ts");

process.exitCode = await runMain(process.argv.slice(2), {
  terminal: makeTerminal({ stdout, stderr, env: process.env }),
  version: VERSION,
  cwd: process.cwd(),
  app: async (options) => (await wiring()).makeAppContext(options),
  localHost: async (options) => (await wiring()).makeLocalHost(options),
  inspector: async (options) => (await wiring()).makeInspector(options),
  infra: async (options) => (await wiring()).makeInfra(options),
  copilot: async () =>
    (await import("./adapters/copilot/read-copilot-folder.ts")).makeCopilotFiles({ cwd: process.cwd() }),
  stdin: async () => {
    let text = "";
    for await (const chunk of stdin.setEncoding("utf8")) text += String(chunk);
    return text;
  },
  question: stdin.isTTY ? readLine : null,
  onSignal: (listener) => {
    const interrupted = () => listener("SIGINT");
    const terminated = () => listener("SIGTERM");
    process.on("SIGINT", interrupted).on("SIGTERM", terminated);
    return () => void process.off("SIGINT", interrupted).off("SIGTERM", terminated);
  },
});
