// Loaded before the command line: counts what it is about to do that can be seen from outside (an object linked into the
// store, a request to the supervisor) and at the n-th kills a process with SIGKILL, at once or a little later. What lies
// between two of these events is the same to everybody else. The product knows nothing of it.
import fs from "node:fs";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const { KILL_AT = "0", KILL_AFTER_MS, KILL_PID, KILL_TRACE } = process.env;
const at = Number(KILL_AT);
const kill = () => process.kill(KILL_PID === undefined ? process.pid : Number(KILL_PID), "SIGKILL");
let count = 0;

const event = (what) => {
  count += 1;
  if (KILL_TRACE !== undefined) fs.appendFileSync(KILL_TRACE, `${what}\n`);
  if (count !== at) return;
  if (KILL_AFTER_MS === undefined) kill();
  else setTimeout(kill, Number(KILL_AFTER_MS));
};

if (isMainThread) {
  const { linkSync } = fs;
  fs.linkSync = (from, to) => {
    event(`write ${String(to).replace(/^.*\.switchback\/store\//, "")}`);
    linkSync(from, to);
  };
  const { request } = http;
  http.request = (options, onResponse) => {
    if (typeof options?.socketPath === "string") event(`${options.method} ${options.path}`);
    return request(options, onResponse);
  };
  syncBuiltinESMExports();
}
