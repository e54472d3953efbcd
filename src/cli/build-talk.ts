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
