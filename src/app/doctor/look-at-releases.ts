import type { Digest } from "../../domain/digest.ts";
import { toAppError, type AppErrorJson } from "../../domain/errors.ts";
import type { FileTree } from "../../domain/file-tree.ts";
import type { Release } from "../../domain/release.ts";
import type { Artefacts } from "../../ports/artefacts.ts";
import type { Inspector, StoredArtefact, WantedArtefact } from "../../ports/inspector.ts";
import type { Store } from "../../ports/store.ts";
import { readRecord, recordIn, releaseKey } from "../releases.ts";

export interface ArtefactFact {
  kind: "tree" | "file";
  digest: Digest;
  state: "damaged" | "unreadable" | "missing";
  /** Where in which tree it lies; a tree has none. */
  places: WantedArtefact["places"];
  /** Releases that need it. */
  releases: Digest[];
  /** Where the same bytes lie. */
  from: string | null;
}

export interface ReleaseFacts {
  /** The records are in a bucket that machines share: what another one built is not here. */
  shared: boolean;
  records: { id: Digest; state: "whole" | "damaged"; copy: boolean; error: AppErrorJson | null }[];
  trees: number;
  files: number;
  /** What is not whole, or not there though a release needs it. */
  lost: ArtefactFact[];
}

export interface LookAtReleasesDeps {
  shared: boolean;
  store: Store;
  artefacts: Artefacts;
  inspector: Pick<Inspector, "artefacts" | "findArtefact" | "earlierVersions">;
}

/** Every release record, tree and file of the store, its bytes checked, and who needs what is lost. Changes nothing. */
export const lookAtReleases = async (deps: LookAtReleasesDeps): Promise<ReleaseFacts> => {
  const { records, releases } = await lookAtRecords(deps);
  const stored = await deps.inspector.artefacts();
  const trees = await treesOf(deps.artefacts, stored);
  const need = needs(releases, trees);
  const states = new Map(stored.map(({ kind, digest, state }) => [`${kind} ${digest}`, state]));
  const lost: ArtefactFact[] = [];
  for (const [kind, digest] of [
    ...stored.filter(({ state }) => state !== "whole").map((one) => [one.kind, one.digest] as const),
    ...[...need.trees.keys()]
      .filter((digest) => !states.has(`tree ${digest}`))
      .map((digest) => ["tree", digest] as const),
    ...[...need.files.keys()]
      .filter((digest) => !states.has(`file ${digest}`))
      .map((digest) => ["file", digest] as const),
  ]) {
    const state = states.get(`${kind} ${digest}`);
    const places = kind === "tree" ? [] : (need.files.get(digest) ?? []);
    const holders = kind === "tree" ? [digest] : places.map(({ tree }) => tree);
    lost.push({
      kind,
      digest,
      state: state === undefined || state === "whole" ? "missing" : state,
      places,
      releases: [...new Set(holders.flatMap((tree) => need.trees.get(tree) ?? []))],
      from: state === "unreadable" ? null : await deps.inspector.findArtefact({ kind, digest, places }),
    });
  }
  const count = (wanted: StoredArtefact["kind"]) =>
    stored.filter(({ kind, state }) => kind === wanted && state === "whole").length;
  return { shared: deps.shared, records, trees: count("tree"), files: count("file"), lost };
};

const lookAtRecords = async ({ store, inspector }: LookAtReleasesDeps) => {
  const records: ReleaseFacts["records"] = [];
  const releases: Release[] = [];
  for (const key of await store.list("releases/")) {
    const id = key.slice("releases/".length, -".json".length);
    if (key !== releaseKey(id) || !/^[0-9a-f]{64}$/.test(id)) continue;
    try {
      const read = await readRecord(store, id);
      if (read.type === "absent") continue;
      // An earlier version of an immutable record is as good as it.
      const earlier = read.type === "damaged" ? await inspector.earlierVersions(key) : [];
      const copy = earlier.map((bytes) => recordIn(bytes, id)).find((one) => one !== null);
      const release = read.type === "whole" ? read.release : copy;
      if (release !== undefined) releases.push(release);
      records.push({ id, state: read.type, copy: copy !== undefined, error: null });
    } catch (error) {
      records.push({ id, state: "damaged", copy: false, error: toAppError(error).toJSON() });
    }
  }
  return { records, releases };
};

/** Only those that were found whole: reading a damaged one moves it away. */
const treesOf = async (artefacts: Artefacts, stored: StoredArtefact[]): Promise<Map<Digest, FileTree>> => {
  const trees = new Map<Digest, FileTree>();
  for (const { kind, digest, state } of stored) {
    if (kind !== "tree" || state !== "whole") continue;
    const tree = await artefacts.readTree(digest).catch(() => null);
    if (tree !== null) trees.set(digest, tree);
  }
  return trees;
};

const needs = (releases: Release[], manifests: Map<Digest, FileTree>) => {
  const trees = new Map<Digest, Digest[]>();
  const files = new Map<Digest, WantedArtefact["places"]>();
  for (const { id, services, sites } of releases)
    for (const { tree } of [...Object.values(services), ...Object.values(sites)])
      trees.set(tree, [...(trees.get(tree) ?? []), id]);
  for (const [tree, { entries }] of manifests)
    for (const [path, entry] of Object.entries(entries))
      if (entry.type === "file")
        files.set(entry.sha256, [...(files.get(entry.sha256) ?? []), { tree, path }]);
  return { trees, files };
};
