/**
 * Runs in a thread of its own: imports the compiled configuration and posts what it exports. Plain text, because it must
 * run as it stands wherever the package is bundled into. Functions, symbols and promises cannot be posted: their places
 * are listed in `odd`. The post waits until everything printed before has gone out.
 */
export const CONFIG_WORKER = `
const { parentPort, workerData } = require("node:worker_threads");

const kindOf = (value) => {
  if (typeof value === "function" || typeof value === "symbol") return typeof value;
  if (value === null || typeof value !== "object") return null;
  return typeof value.then === "function" ? "promise" : null;
};

const BUILT_IN = new Set([Date, RegExp, Map, Set]);

const copy = (value, path, odd, seen) => {
  const kind = kindOf(value);
  if (kind !== null) {
    odd.push({ path, kind });
    return undefined;
  }
  if (value === null || typeof value !== "object") return value;
  if (seen.has(value)) return seen.get(value);
  if (BUILT_IN.has(value.constructor)) return new value.constructor(value.constructor === Map || value.constructor === Set ? [] : value);
  const out = Array.isArray(value) ? [] : {};
  seen.set(value, out);
  for (const key of Object.keys(value)) {
    const member = copy(value[key], [...path, key], odd, seen);
    Object.defineProperty(out, key, { value: member, enumerable: true, configurable: true, writable: true });
  }
  return out;
};

const errorOf = (thrown) => {
  try {
    if (thrown instanceof Error) {
      return { name: String(thrown.name), message: String(thrown.message), stack: String(thrown.stack), code: String(thrown.code) };
    }
    return { name: "", message: require("node:util").inspect(thrown, { depth: 1 }), stack: "", code: "" };
  } catch {
    return { name: "", message: "something that cannot be shown", stack: "", code: "" };
  }
};

const flush = (stream) => new Promise((done) => stream.write("", done));

const run = async () => {
  try {
    const exports = await import(workerData.url);
    if (!("default" in exports)) return { type: "no-default", names: Object.keys(exports) };
    const odd = [];
    return { type: "loaded", value: copy(exports.default, [], odd, new Map()), odd };
  } catch (thrown) {
    return { type: "threw", error: errorOf(thrown) };
  }
};

// Nothing is left to happen and the file has not finished: an await that nothing will ever end.
process.once("beforeExit", () => parentPort.postMessage({ type: "stalled" }));

run().then(async (answer) => {
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  parentPort.postMessage(answer);
});
`;
