import { readFileSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Message, PartialMessage, Plugin } from "esbuild";
import { sha256 } from "../../domain/digest.ts";
import { AppError } from "../../domain/errors.ts";
import { machineFaultOf } from "../../domain/machine-fault.ts";
import { readStat } from "./file-stat.ts";
import type { Compiled, CompiledInput } from "./types.ts";

/** Lets the configuration say `import { defineApp } from "switchback"` where no such package is installed. */
const ITSELF = "export const defineApp = (config) => config;";
const META = "__switchback_meta";

export interface CompileOptions {
  file: string;
  /** How messages call the file. */
  label: string;
  /** Where the code is going to be run from. Nothing is written. */
  outfile: string;
  nowMs: number;
}

/** Bundles the file with what it imports by path; packages stay imports. Throws CONFIG_UNREADABLE with the place of the first error. */
export const compileConfig = async (options: CompileOptions): Promise<Compiled> => {
  const { file, outfile, nowMs } = options;
  const esbuild = await import("esbuild");
  const inputs = new Map<string, CompiledInput>();
  const result = await esbuild
    .build({
      entryPoints: [file],
      outfile,
      absWorkingDir: dirname(file),
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      // Paths are kept as written, so that a link that is pointed elsewhere is seen as a change.
      preserveSymlinks: true,
      // A tsconfig could change the outcome without being an input.
      tsconfigRaw: "{}",
      sourcemap: "external",
      legalComments: "none",
      charset: "utf8",
      logLevel: "silent",
      define: {
        "import.meta.url": `${META}.url`,
        "import.meta.filename": `${META}.filename`,
        "import.meta.dirname": `${META}.dirname`,
      },
      plugins: [switchbackItself, recordInputs(inputs, nowMs)],
    })
    .catch((error: unknown) => {
      throw compileError(error, options);
    });
  const text = (end: string): string => result.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  const code = text(".mjs");
  const external = Object.values(result.metafile.outputs).some(({ imports }) =>
    imports.some((made) => made.external),
  );
  return { code, map: text(".map"), outfile, inputs: [...inputs.values()], pure: !external && isPure(code) };
};

/** Names through which code learns of anything but its inputs. One in a string costs no more than the cache. */
const OUTSIDE =
  /\b(process|Date|Temporal|Intl|performance|crypto|random|global|globalThis|require|fetch|navigator|eval|Function|Atomics|setTimeout|__switchback_meta)\b|\bimport\s*[.(]/;

const isPure = (code: string): boolean => !OUTSIDE.test(code);

const switchbackItself: Plugin = {
  name: "switchback-itself",
  setup: (build) => {
    build.onResolve({ filter: /^switchback$/ }, () => ({
      path: "switchback",
      namespace: "switchback-itself",
    }));
    build.onLoad({ filter: /^switchback$/, namespace: "switchback-itself" }, () => ({ contents: ITSELF }));
  },
};

/** Hands the compiler the very bytes that are hashed: a file that is saved meanwhile is never cached under another content. */
const recordInputs = (inputs: Map<string, CompiledInput>, nowMs: number): Plugin => ({
  name: "record-inputs",
  setup: (build) => {
    build.onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => {
      const before = readStat(path, nowMs);
      const bytes = readOrFault(path);
      if (!(bytes instanceof Uint8Array)) return bytes;
      const text = bytes.toString("utf8");
      const stat = before?.settled === true ? before.stat : null;
      inputs.set(path, { path, sha256: sha256(bytes), text, stat });
      return { contents: withMeta(path, text), loader: "default" };
    });
  },
});

/** The file's bytes, or what keeps them from being read as the compiler tells it: with the path, and without a stack. */
const readOrFault = (path: string): Buffer | { errors: PartialMessage[] } => {
  try {
    return readFileSync(path);
  } catch (error) {
    const fault = machineFaultOf(error);
    if (fault === null) throw error;
    return { errors: [{ text: `${path} cannot be read: ${fault.what}`, detail: fault.hint }] };
  }
};

/** `import.meta` speaks of the source, not of the temporary file that is run. On the first line, so that no line moves. */
const withMeta = (path: string, text: string): string => {
  if (!text.includes("import.meta") || !/\.[mc]?[jt]s$/.test(path)) return text;
  const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  return `const ${META} = ${JSON.stringify(meta)}; ${text}`;
};

const compileError = (error: unknown, { file, label }: CompileOptions): AppError => {
  const errors = (error as Partial<BuildFailure>).errors ?? [];
  const [first] = errors;
  if (first === undefined) {
    return new AppError("CONFIG_UNREADABLE", `${label} cannot be compiled: ${String(error)}`, {
      cause: error,
    });
  }
  const textOf = ({ text }: Message): string => text.replaceAll("switchback-itself:switchback", "switchback");
  const place = placeOfMessage(first, file);
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new AppError("CONFIG_UNREADABLE", `${place?.at ?? label}: ${textOf(first)}${more}`, {
    hint: typeof first.detail === "string" ? first.detail : "correct the file, then run the command again",
    context: {
      file,
      ...(place === null ? {} : { line: place.line, column: place.column, lines: place.lines }),
      errors: errors.map((message) => `${placeOfMessage(message, file)?.at ?? label}: ${textOf(message)}`),
    },
  });
};

interface MessagePlace {
  at: string;
  line: number;
  column: number;
  lines: string[];
}

const placeOfMessage = ({ location }: Message, file: string): MessagePlace | null => {
  if (location === null) return null;
  const path = resolve(dirname(file), location.file);
  const label = path === file ? basename(file) : relative(dirname(file), path);
  // The compiler counts columns from 0, in bytes.
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString("utf8").length;
  const column = before + 1;
  return {
    at: `${label}:${location.line}:${column}`,
    line: location.line,
    column,
    lines: codeFrame(location.lineText, location.line, column),
  };
};

/** The line of code, and below it a mark under the column. */
export const codeFrame = (text: string, line: number, column: number): string[] => {
  const gutter = `${line} | `;
  const from = column > 70 ? column - 40 : 0;
  const shown = text.replaceAll("\t", " ").slice(from, from + 100);
  return [gutter + shown, `${" ".repeat(gutter.length - 2)}| ${" ".repeat(Math.max(0, column - 1 - from))}^`];
};
