import { appendFileSync, writeFileSync } from "node:fs";
import type { Call } from "./call.ts";
import type { Fate } from "./faults.ts";

export interface LoggedCall {
  /** From 1, in the order in which they came. */
  number: number;
  at: string;
  service: string;
  region: string;
  action: string;
  method: string;
  /** Without its query, which can hold a signature. */
  path: string;
  /** null: not answered (yet). */
  status: number | null;
  ms: number | null;
  by: "moto" | "gap" | "fault";
  fault: Fate["type"] | null;
}

export interface CallLog {
  calls(filter?: Partial<Pick<LoggedCall, "service" | "action" | "region">>): LoggedCall[];
}

export interface OpenCall {
  entry: LoggedCall;
  end(status: number | null): void;
}

/**
 * Every call, in memory and, when there is a file, as a line of JSON once it ended. Bodies, headers and queries are never
 * kept, so no credential is.
 */
export const makeCallLog = ({ file, now }: { file?: string; now: () => Date }) => {
  let calls: LoggedCall[] = [];
  let count = 0;
  if (file !== undefined) writeFileSync(file, "");
  return {
    calls: (filter = {}) =>
      calls.filter((call) =>
        Object.entries(filter).every(([name, value]) => call[name as "service"] === value),
      ),
    open: (call: Call): OpenCall => {
      const startedMs = performance.now();
      const { service, region, action, method, path } = call;
      const entry: LoggedCall = {
        number: (count += 1),
        at: now().toISOString(),
        service,
        region,
        action,
        method,
        path,
        status: null,
        ms: null,
        by: "moto",
        fault: null,
      };
      calls.push(entry);
      return {
        entry,
        end: (status) => {
          if (entry.ms !== null) return;
          entry.status = status;
          entry.ms = Math.round((performance.now() - startedMs) * 10) / 10;
          if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
        },
      };
    },
    /** The file is emptied too. */
    clear: () => {
      calls = [];
      count = 0;
      if (file !== undefined) writeFileSync(file, "");
    },
  } satisfies CallLog & Record<string, unknown>;
};
