import type { CopilotFile } from "../domain/copilot-file.ts";

export interface CopilotFiles {
  /**
   * The JSON files of a folder, and the manifests below `copilot/` of the project and of the folder. Nothing is written.
   * Throws COPILOT_UNREADABLE when the folder cannot be read.
   */
  read(folder: string): Promise<CopilotFile[]>;
}
