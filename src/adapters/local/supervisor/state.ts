import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, type Digest } from "../../../domain/digest.ts";
import { AppError } from "../../../domain/errors.ts";
import type { RevisionId, RevisionSpec, SiteSpec } from "../../../domain/revision.ts";
import type { BackingSpec } from "../../../ports/platform.ts";
import { translateWriteError, writeDurably } from "../durable-file.ts";

export interface RevisionState {
  spec: RevisionSpec;
  release: Digest;
  wanted: number;
  /** Wall-clock time at which a retired revision is stopped and forgotten; null: not retired. */
  warmUntilMs: number | null;
}

export interface ServiceState {
  revisions: Record<RevisionId, RevisionState>;
  /** Percent by revision; zeros are left out. */
  weights: Record<RevisionId, number>;
}

export interface SiteState {
  current: { spec: SiteSpec; release: Digest } | null;
  /** Trees served before, newest first, for tabs that are still open. */
  earlier: Digest[];
}

/** What shall be so in one environment: all that a restarted supervisor needs to serve the same again. */
export interface EnvironmentState {
  environment: string;
  /** The highest epoch seen; effects below it are refused. */
  epoch: number;
  backing: BackingSpec | null;
  services: Record<string, ServiceState>;
  sites: Record<string, SiteState>;
  /** Staged trees that stay though nothing runs from them yet, or any more. */
  trees: Digest[];
  /** The deployment that was begun here and not settled: until then no warm revision is let go. Null: none. */
  unsettled: string | null;
}

const FORMAT = 1;

export const emptyState = (environment: string): EnvironmentState => ({
  environment,
  epoch: 0,
  backing: null,
  services: {},
  sites: {},
  trees: [],
  unsettled: null,
});

/** Whether anything of it is reached through the gateway. */
export const serves = ({ sites, services }: EnvironmentState): boolean =>
  Object.keys(sites).length > 0 ||
  Object.values(services).some(({ weights }) => Object.keys(weights).length > 0);

/** Every tree that the environment may still need. */
export const treesOf = (state: EnvironmentState): Digest[] => [
  ...state.trees,
  ...Object.values(state.services).flatMap((service) =>
    Object.values(service.revisions).map((revision) => revision.spec.tree),
  ),
  ...Object.values(state.sites).flatMap((site) => [
    ...(site.current === null ? [] : [site.current.spec.tree]),
    ...site.earlier,
  ]),
];

/** What a state file's text says. Throws FORMAT_TOO_NEW. */
export const readState = (text: string, file: string): EnvironmentState | "damaged" => {
  let stored: { format?: unknown; checksum?: unknown; state?: EnvironmentState };
  try {
    stored = JSON.parse(text) as typeof stored;
  } catch {
    return "damaged";
  }
  if (typeof stored?.format === "number" && stored.format > FORMAT)
    throw new AppError("FORMAT_TOO_NEW", `${file} was written by a newer version of Switchback`, {
      hint: "upgrade Switchback, then run the command again",
      context: { file, format: stored.format },
    });
  const sound = stored?.format === FORMAT && stored.checksum === digestOf(stored.state ?? null);
  return sound && stored.state !== undefined ? stored.state : "damaged";
};

export interface LoadedStates {
  states: EnvironmentState[];
  /** One for each file that was damaged and has been set aside. */
  problems: AppError[];
}

/**
 * Reads every environment's state. A damaged file is renamed and reported, never guessed at; its environment is then as
 * if nothing had been deployed. Throws FORMAT_TOO_NEW, and touches nothing, when a newer version wrote one.
 */
export const loadStates = async (folder: string): Promise<LoadedStates> => {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw translateWriteError(error, folder);
  });
  const loaded: LoadedStates = { states: [], problems: [] };
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name);
    // The lock is held: whoever was writing it was killed.
    if (name.endsWith(".tmp")) await rm(file, { force: true });
    if (!name.endsWith(".json")) continue;
    const environment = name.slice(0, -".json".length);
    const state = readState(await readFile(file, "utf8"), file);
    if (state !== "damaged" && state.environment === environment) {
      loaded.states.push(state);
      continue;
    }
    const aside = `${file}.damaged-${Date.now()}`;
    await rename(file, aside);
    loaded.problems.push(
      new AppError("STORE_CORRUPT", `the local state of ${environment} is damaged; it was set aside`, {
        hint: `look at ${aside}, then deploy again with: switchback deploy ${environment} --local`,
        context: { environment, file: aside },
      }),
    );
  }
  return loaded;
};

/** Durable when it returns. Throws STORE_UNWRITABLE and leaves the earlier state in place. */
export const saveState = (folder: string, state: EnvironmentState): Promise<void> =>
  writeDurably(
    join(folder, `${state.environment}.json`),
    `${JSON.stringify({ format: FORMAT, checksum: digestOf(state), state }, null, 1)}\n`,
  );
