// npm run rig [-- --port N] [--log FILE]: an AWS to try things on, on this machine (docs/rig.md).
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./run-bundle.mjs";
import { ensureInstalled } from "./project.mjs";

ensureInstalled();
// In this process, so that whoever ends it ends the rig.
await import(pathToFileURL(resolve(await bundle("test/rig/run.ts"))));
