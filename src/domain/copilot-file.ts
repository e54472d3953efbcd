/** A file that says something about a Copilot app: what the aws command printed, or a manifest. */
export interface CopilotFile {
  /** Relative to the folder, with forward slashes. */
  path: string;
  text: string;
}
