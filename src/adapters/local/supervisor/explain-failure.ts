import { AppError } from "../../../domain/errors.ts";
import type { RevisionId, RevisionSpec } from "../../../domain/revision.ts";
import type { ProcessExit } from "../process/types.ts";

const KEPT_LINES = 20;

export const describeExit = (exit: ProcessExit): string => {
  switch (exit.reason) {
    case "exited":
      return `exited with code ${exit.code}`;
    case "signalled":
      return `was ended by ${exit.signal}`;
    case "out-of-memory":
      return `used ${exit.residentMb} MB of memory, its limit is ${exit.limitMb} MB (out of memory)`;
    case "not-started":
      return `could not be started: ${exit.message}`;
  }
};

export const namesTakenPort = (lines: string[]): boolean =>
  lines.some((line) => /EADDRINUSE|address already in use/i.test(line));

export interface FailureFacts {
  spec: RevisionSpec;
  revision: RevisionId;
  lines: string[];
}

/** Why a process that ended before it was healthy did so. */
export const exitError = (exit: ProcessExit, { spec, revision, lines }: FailureFacts): AppError => {
  const context = { service: spec.service, revision, exit, lines: lines.slice(-KEPT_LINES) };
  if (exit.reason === "out-of-memory")
    return new AppError("OUT_OF_MEMORY", `${spec.service} ${describeExit(exit)}`, {
      hint: `raise memory of ${spec.service} in switchback.config.ts, or let it use less`,
      context,
    });
  const taken = namesTakenPort(lines) ? " (port already taken)" : "";
  return new AppError(
    "INSTANCE_UNHEALTHY",
    `${spec.service} stopped before it was healthy: ${describeExit(exit)}${taken}`,
    { hint: "its last lines say why; it must listen on the port in the variable PORT", context },
  );
};

/** Why a process that still ran never became healthy in time. */
export const neverHealthyError = (
  last: string,
  { spec, revision, lines, port }: FailureFacts & { port: number },
): AppError => {
  const taken = namesTakenPort(lines) ? " (port already taken)" : "";
  return new AppError(
    "INSTANCE_UNHEALTHY",
    `${spec.service} was not healthy after ${spec.health.startMs / 1000} s: ${last}${taken}`,
    {
      hint: `it must listen on the port in the variable PORT and answer ${spec.health.path} with 200`,
      context: {
        service: spec.service,
        revision,
        health: { path: spec.health.path, port, answer: last },
        lines: lines.slice(-KEPT_LINES),
      },
    },
  );
};
