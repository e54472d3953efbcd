// npm run rig [-- --port N] [--log FILE]: starts the AWS rig, prints what to set, runs until it is told to stop.
import { parseArgs } from "node:util";
import { startRig } from "./rig.ts";

const { values } = parseArgs({ options: { port: { type: "string" }, log: { type: "string" } } });
const rig = await startRig({
  port: Number(values.port ?? 0),
  ...(values.log === undefined ? {} : { logFile: values.log }),
});
for (const [name, value] of Object.entries(rig.env))
  console.log(`export ${name}=${value === "" ? '""' : value}`);
console.error(`The AWS rig runs at ${rig.url} (docs/rig.md). Ctrl-C ends it.`);

const stop = () => void rig.close().then(() => process.exit(0));
process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
