import type { Report } from "../ports/reporter.ts";
import type { CommandContext, GlobalOptions } from "./command-context.ts";

/** Names each part once as its build begins; with --verbose also all that the build prints. */
export const buildTalk = (
  { terminal }: CommandContext,
  { verbose = false }: GlobalOptions,
): ((part: string, text: string) => void) => {
  const begun = new Set<string>();
  return (part, text) => {
    const name = part.replace(/^(service|site):/, "");
    if (verbose) terminal.talk(`build ${name}  ${text}`);
    else if (!begun.has(part)) terminal.talk(`building ${name} …`);
    begun.add(part);
  };
};

/** Says once what is being rehearsed, and what it came to; with --verbose every part of it. */
export const rehearsalTalk = (
  { terminal }: CommandContext,
  { verbose = false, json = false }: GlobalOptions,
): Report => {
  let begun = false;
  return (event) => {
    if (event.type !== "rehearsing" || json) return;
    if (event.durationMs !== null) terminal.talk(`rehearsed  ${event.text}`);
    else if (verbose || !begun) terminal.talk(`${event.text} …`);
    begun = event.durationMs === null;
  };
};
