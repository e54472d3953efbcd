// fmt, README, init, validate and test of modules: side by side, in a copy, so that nothing is left in the repository.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./project.mjs";
import { judgeReadme } from "./terraform-docs.mjs";
import { unsetInTests } from "./terraform-modules.mjs";
import { terraformEnv } from "./terraform-env.mjs";

const LIMIT_MS = 300_000;

const terraform = (args, cwd, env) =>
  new Promise((resolve) => {
    const child = spawn("terraform", args, { cwd, env, timeout: LIMIT_MS, killSignal: "SIGKILL" });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => (output += text));
    }
    child.on("error", ({ message }) => resolve({ ok: false, output: message }));
    child.on("close", (code, signal) =>
      resolve({ ok: code === 0, output: signal === null ? output : `${output}\nended by ${signal}`, signal }),
    );
  });

const hasTests = (folder) =>
  existsSync(join(folder, "tests")) &&
  readdirSync(join(folder, "tests")).some((name) => name.endsWith(".tftest.hcl"));

/** The steps of one module, in order; a step after a failed one that it needs is not run, and not counted. */
const stepsOf = ({ name, folder, examples, validatesAlone }, { copy, env }) => {
  const place = join(copy, "terraform/modules", name);
  const run = (args, where = place) => terraform(args, where, env);
  const initialise = (where) => run(["init", "-backend=false", "-no-color"], where);
  return [
    { name: "fmt", run: () => run(["fmt", "-check", "-diff", "-recursive", "-no-color", folder]) },
    {
      name: "readme",
      run: async () => {
        const wrong = judgeReadme(folder);
        return { ok: wrong === "", output: wrong };
      },
    },
    { name: "init", needed: true, run: () => initialise(place) },
    ...(validatesAlone ? [{ name: "validate", run: () => run(["validate", "-no-color"]) }] : []),
    ...(examples.length === 0
      ? [{ name: "example", run: async () => ({ ok: false, output: "there is no folder in examples/" }) }]
      : examples.map((example) => ({
          name: `example ${example}`,
          run: async () => {
            const where = join(place, "examples", example);
            const ready = await initialise(where);
            return ready.ok ? run(["validate", "-no-color"], where) : ready;
          },
        }))),
    {
      name: "variables",
      run: async () => {
        const unset = unsetInTests(folder).map(({ name: variable }) => variable);
        return { ok: unset.length === 0, output: `no test sets ${unset.join(", ")}` };
      },
    },
    hasTests(folder)
      ? {
          name: "test",
          run: async () => {
            const result = await run(["test", "-no-color"]);
            // A run that did nothing would pass as well.
            const none = result.ok && !/^Success! [1-9]/m.test(result.output);
            return {
              ...result,
              ok: result.ok && !none,
              told: /^(Success|Failure)! (.*)\.$/m.exec(result.output)?.[2],
            };
          },
        }
      : { name: "test", run: async () => ({ ok: false, output: "there is no file tests/*.tftest.hcl" }) },
  ];
};

const indent = (text) =>
  text
    .trim()
    .split("\n")
    .slice(-60)
    .map((line) => `    ${line}`)
    .join("\n");

const checkModule = async (module, where, count) => {
  for (const step of stepsOf(module, where)) {
    const startedMs = Date.now();
    const { ok, output, told } = await step.run();
    count(ok);
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    console.log(`${ok ? "✔" : "✘"} ${module.name}  ${step.name}${told ? `  ${told}` : ""}  ${seconds} s`);
    if (!ok) console.log(indent(output));
    if (!ok && step.needed) return;
  }
};

/** Counts of steps. Safe to run beside itself. */
export const checkModules = async (modules) => {
  const { env: ours, close } = terraformEnv();
  const copy = mkdtempSync(join(tmpdir(), "switchback-modules-"));
  const counts = { passed: 0, failed: 0 };
  const count = (ok) => (counts[ok ? "passed" : "failed"] += 1);
  try {
    cpSync(join(root, "terraform"), join(copy, "terraform"), {
      recursive: true,
      filter: (path) => !/\.terraform(\.lock\.hcl)?$/.test(path),
    });
    const env = { ...process.env, ...ours };
    // Without a mirror the provider is downloaded once, before anything runs side by side: the cache can't be filled by two.
    if (ours.TF_CLI_CONFIG_FILE === "") {
      env.TF_PLUGIN_CACHE_DIR = mkdtempSync(join(copy, "plugins-"));
      env.TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE = "1";
      await terraform(["init", "-backend=false"], join(copy, "terraform/modules", modules[0].name), env);
    }
    const waiting = [...modules];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        await checkModule(next, { copy, env }, count);
    };
    await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
  } finally {
    rmSync(copy, { recursive: true, force: true });
    close();
  }
  return counts;
};
