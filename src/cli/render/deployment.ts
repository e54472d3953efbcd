import type { LogEntry, LogEvent } from "../../domain/log-entry.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { formatDuration } from "./duration.ts";
import { localTime } from "./local-time.ts";
import type { Look } from "./look.ts";
import { renderReceipt } from "./receipt.ts";

/** One deployment as its log tells it: every event in order, then the receipt. */
export const renderDeployment = (look: Look, entries: LogEntry[]): string[] =>
  entries.flatMap(({ at, events }) =>
    events.flatMap((event) => eventLines(look, event, localTime(Date.parse(at)))),
  );

const eventLines = (look: Look, event: LogEvent, at: string): string[] => {
  const { colours } = look;
  const line = (text: string): string[] => [`${colours.dim(at)}  ${text}`];
  switch (event.type) {
    case "deployment-planned":
      return line(
        `${event.deployment}  ${event.plan.action} of ${shortReleaseId(event.plan.release)} by ${event.actor}`,
      );
    case "step-started":
      return [];
    case "step-succeeded":
      return line(
        `${colours.green("done")}         ${event.step}  ${colours.dim(formatDuration(event.durationMs))}`,
      );
    case "step-failed":
      return [
        ...line(`${colours.red("failed")}       ${event.step}: ${event.error.message}`),
        ...((event.error.context?.["lines"] as string[] | undefined) ?? []).map(
          (text) => `              ${text}`,
        ),
      ];
    case "compensation-decided":
      return line(
        event.cause === "failed" ? "going back, as a step failed" : `going back, as ${event.actor} said so`,
      );
    case "compensation-started":
      return [];
    case "compensation-succeeded":
      return line(
        `${colours.yellow("taken back")}   ${event.step}  ${colours.dim(formatDuration(event.durationMs))}`,
      );
    case "compensation-failed":
      return line(`${colours.red("not taken back")} ${event.step}: ${event.error.message}`);
    case "committed":
      return line("committed: from here on this release counts");
    case "deployment-ended":
      return renderReceipt(look, event.receipt, { exitCode: null });
    case "detached":
      return line(`left by ${event.actor}`);
    case "taken-over":
      return line(`taken over by ${event.actor}`);
    case "locked":
      return line(`locked by ${event.actor}: ${event.why}`);
    case "unlocked":
      return line(`unlocked by ${event.actor}`);
    case "approved":
      return line(`${shortReleaseId(event.release)} approved by ${event.actor}`);
    case "note":
      return line(`${event.actor}: ${event.text}`);
  }
};
