import { SourceMap, type SourceMapPayload } from "node:module";
import { basename, dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../../domain/errors.ts";
import { codeFrame } from "./compile-config.ts";
import type { Thrown } from "./run-config.ts";
import type { Compiled } from "./types.ts";

interface SourcePlace {
  path: string;
  line: number;
  column: number;
}

/** An exception of the configuration as CONFIG_UNREADABLE, with the place and the line in the source that threw. */
export const thrownError = (
  thrown: Thrown,
  compiled: Compiled,
  { file, label, ranAt }: { file: string; label: string; ranAt: string },
): AppError => {
  const place = missingImport(thrown, compiled) ?? placeInStack(thrown.stack, ranAt, compiled);
  const url = pathToFileURL(ranAt).href;
  const text = firstLine(thrown.message.replaceAll(url, label).replaceAll(ranAt, label));
  const said = thrown.name === "" || thrown.name === "Error" ? text : `${thrown.name}: ${text}`;
  const hint =
    thrown.code === "ERR_MODULE_NOT_FOUND"
      ? "install the package, or import a file by its path"
      : "correct the file, then run the command again";
  if (place === null)
    return new AppError("CONFIG_UNREADABLE", `${label} throws: ${said}`, { hint, context: { file } });
  const at = `${place.path === file ? basename(file) : relative(dirname(file), place.path)}:${place.line}:${place.column}`;
  const code =
    compiled.inputs.find(({ path }) => path === place.path)?.text.split("\n")[place.line - 1] ?? "";
  return new AppError("CONFIG_UNREADABLE", `${at}: ${said}`, {
    hint,
    context: {
      file,
      line: place.line,
      column: place.column,
      lines: codeFrame(code, place.line, place.column),
    },
  });
};

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

/** The innermost frame of the stack that lies in the configuration. Frames are `file:///…/config-1.mjs:LINE:COLUMN`, link errors lack the column. */
const placeInStack = (stack: string, ranAt: string, compiled: Compiled): SourcePlace | null => {
  const { href } = pathToFileURL(ranAt);
  for (const line of stack.split("\n")) {
    const start = line.indexOf(href);
    const found = start < 0 ? null : /^:(\d+)(?::(\d+))?/.exec(line.slice(start + href.length));
    const place = found === null ? null : originOf(Number(found[1]), Number(found[2] ?? 1), compiled);
    if (place !== null) return place;
  }
  return null;
};

const originOf = (line: number, column: number, { map, outfile }: Compiled): SourcePlace | null => {
  const entry = new SourceMap(JSON.parse(map) as SourceMapPayload).findEntry(line - 1, column - 1);
  if (!("originalSource" in entry)) return null;
  return {
    path: resolve(dirname(outfile), entry.originalSource),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
};

/** Node names the package that it did not find, but no line: look for the import. */
const missingImport = ({ code, message }: Thrown, { inputs }: Compiled): SourcePlace | null => {
  const wanted =
    code === "ERR_MODULE_NOT_FOUND"
      ? /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1]
      : undefined;
  if (wanted === undefined) return null;
  for (const { path, text } of inputs) {
    for (const [index, line] of text.split("\n").entries()) {
      const column = [`"${wanted}`, `'${wanted}`].map((quoted) => line.indexOf(quoted)).find((at) => at >= 0);
      if (column !== undefined) return { path, line: index + 1, column: column + 1 };
    }
  }
  return null;
};
