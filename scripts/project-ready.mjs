// Dependencies and build, and nothing else.
import { ensureBuilt, ensureInstalled } from "./project.mjs";

ensureInstalled();
await ensureBuilt();
