// Loaded before the command line: counts what can be seen from outside (an object linked into the store, a request to the
// supervisor, each before and after) and at the n-th kills a process with SIGKILL. The product knows nothing of it.
import fs from "node:fs";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const { KILL_AT = "0", KILL_PID, KILL_TRACE } = process.env;
const at = Number(KILL_AT);
let count = 0;

const event = (what) => {
  count += 1;
  if (KILL_TRACE !== undefined) fs.appendFileSync(KILL_TRACE, `${what}\n`);
  if (count === at) process.kill(KILL_PID === undefined ? process.pid : Number(KILL_PID), "SIGKILL");
};

if (isMainThread) {
  const { linkSync } = fs;
  fs.linkSync = (from, to) => {
    const what = String(to).replace(/^.*\.switchback\/store\//, "");
    event(`before write ${what}`);
    linkSync(from, to);
    event(`after write ${what}`);
  };
  const { request } = http;
  http.request = (options, onResponse) => {
    if (typeof options?.socketPath !== "string") return request(options, onResponse);
    const what = `${options.method} ${options.path}`;
    event(`before ${what}`);
    return request(options, (response) => {
      response.once("end", () => event(`after ${what}`));
      onResponse(response);
    });
  };
  syncBuiltinESMExports();
}
