import { planImport, type CopilotImport } from "../../infra/copilot/plan-import.ts";
import type { CopilotFiles } from "../../ports/copilot.ts";

export interface ImportCopilotContext {
  copilot: CopilotFiles;
}

export interface ImportCopilotOptions {
  /** The folder with what the aws command printed, a file for each stack. */
  from: string;
  /** Copilot's name of the environment; the same without it. */
  copilotEnvironment?: string;
}

/**
 * What becomes of a Copilot app's environment: import blocks, a draft of the configuration, and what is left to do. Only
 * reads files; AWS is not asked, and nothing is written. Throws COPILOT_UNREADABLE.
 */
export const importCopilot = async (
  { copilot }: ImportCopilotContext,
  environment: string,
  { from, copilotEnvironment = environment }: ImportCopilotOptions,
): Promise<CopilotImport> => planImport({ files: await copilot.read(from), copilotEnvironment, environment });
