// A rig in a process that can be killed; prints where it is.
import { startRig } from "./rig.ts";

const { url, motoPid } = await startRig();
console.log(JSON.stringify({ url, motoPid }));
