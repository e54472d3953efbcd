import type { AppDefinition } from "../domain/app-definition.ts";
import type { Release } from "../domain/release.ts";

/** Makes releases from the project's sources. */
export interface Builder {
  /** The id that a build of the sources as they stand would have, and the digests it is made of. No effect. */
  inputs(app: AppDefinition): Promise<{ id: string; inputs: Record<string, string> }>;
  /** Builds what changed and stores artefacts; the caller records the release. Throws BUILD_FAILED with the command's last lines. */
  build(app: AppDefinition, options: BuildOptions): Promise<Release>;
}

export interface BuildOptions {
  signal: AbortSignal;
  onProgress: (part: string, text: string) => void;
  /** Build every part, also one whose inputs were built before. */
  rebuild?: boolean;
}
