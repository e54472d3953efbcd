import { join } from "node:path";
import {
  artefactsIn,
  findArtefact,
  leftoversIn,
  putArtefact,
} from "./adapters/artefacts/look-at-artefacts.ts";
import {
  endStrays,
  forgetSupervisor,
  lookAtLocal,
  makePrivate,
  temporariesIn as temporariesOfSupervisor,
} from "./adapters/local/look-at-local.ts";
import { removeFiles } from "./adapters/local/remove-files.ts";
import { accessOf, earlierVersionsOf, temporariesIn } from "./adapters/store/file/look-at-files.ts";
import { isRunning } from "./adapters/system/liveness.ts";
import type { AppDefinition } from "./domain/app-definition.ts";
import type { Inspector } from "./ports/inspector.ts";

interface Project {
  app: AppDefinition;
  projectDir: string;
  stateDir: string;
  storeDir: string;
  socketPath: () => string;
  secretsFile: string;
}

/** What `doctor` looks with: part of the composition root, loaded by that command alone. */
export const inspect = ({
  app,
  projectDir,
  stateDir,
  storeDir,
  socketPath,
  secretsFile,
}: Project): Inspector => {
  const outputs = [
    ...Object.values(app.services).map(({ path }) => join(projectDir, path)),
    ...Object.values(app.sites).map(({ path, dist }) => join(projectDir, path, dist)),
  ];
  return {
    storeAccess: async () => accessOf(storeDir),
    temporaries: async () => [
      ...[...temporariesIn(storeDir), ...temporariesOfSupervisor(stateDir)].map(
        ({ path, pid, modifiedMs }) => ({
          path,
          ageMs: Date.now() - modifiedMs,
          writer: isRunning(pid) ? ("alive" as const) : ("dead" as const),
        }),
      ),
      ...leftoversIn(storeDir).map(({ path, modifiedMs }) => ({
        path,
        ageMs: Date.now() - modifiedMs,
        writer: "unknown" as const,
      })),
    ],
    artefacts: () => artefactsIn(storeDir),
    findArtefact: (wanted) => findArtefact({ writtenOut: join(stateDir, "trees"), outputs }, wanted),
    // Below a bucket's objects there are none here: what lies in the folder is of a store that was before.
    earlierVersions: async (key) => (app.store.type === "files" ? earlierVersionsOf(storeDir, key) : []),
    local: () => lookAtLocal({ stateDir, socketPath: socketPath(), secretsFile }),
    putArtefact: (wanted) => putArtefact(storeDir, wanted),
    remove: async (paths) => removeFiles(paths),
    forgetSupervisor: (paths) => forgetSupervisor(stateDir, paths),
    endStrays: (pids) => endStrays(stateDir, pids),
    makePrivate,
  };
};
