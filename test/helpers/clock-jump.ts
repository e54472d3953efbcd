import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A preload that moves a process's wall clock, as a person, NTP or a suspended machine would; the monotonic clock goes on. */
export interface JumpingClock {
  /** For `node --import`. */
  readonly nodeArgs: string[];
  /** What commands see from now on, those that run included: so many milliseconds off the machine's time. */
  set(offsetMs: number): void;
}

export const makeJumpingClock = (folder: string): JumpingClock => {
  const preload = join(folder, "clock.mjs");
  const offset = join(folder, "offset");
  writeFileSync(offset, "0");
  writeFileSync(
    preload,
    `import { readFileSync } from "node:fs";
const real = Date.now;
const RealDate = Date;
const now = () => real() + Number(readFileSync(${JSON.stringify(offset)}, "utf8") || 0);
globalThis.Date = class extends RealDate {
  constructor(...given) { given.length === 0 ? super(now()) : super(...given); }
  static now() { return now(); }
};\n`,
  );
  return { nodeArgs: ["--import", preload], set: (offsetMs) => writeFileSync(offset, String(offsetMs)) };
};
