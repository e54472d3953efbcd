import { lstatSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { sha256, type Digest } from "../../domain/digest.ts";
import { AppError } from "../../domain/errors.ts";
import { releaseIdOf } from "../../domain/release.ts";
import { definitionInputs } from "./definition-inputs.ts";
import type { FileDigests } from "./file-digests.ts";
import type { SourceLister } from "./list-sources.ts";
import { nearestLockfiles } from "./lockfiles.ts";
import type { Part } from "./parts.ts";
import { below, isWithin } from "./project-path.ts";
import { filesOfOutput, selectFiles } from "./select-files.ts";

/** Name → state, of the files that one input is the digest of. Names are relative, so that another folder gives the same. */
export type Listing = Map<string, string>;

export interface ReleaseInputs {
  id: Digest;
  inputs: Record<string, Digest>;
  listings: Map<string, Listing>;
}

export interface InputsOptions {
  app: AppDefinition;
  parts: Part[];
  /** Real path. */
  projectDir: string;
  /** Up to which folder lockfiles are looked for: the repository, or the project. */
  top: string;
  lister: SourceLister;
  digests: FileDigests;
}

/** The inputs of the release as the sources stand; nothing but contents, executable bits, link targets and names counts. */
export const releaseInputs = async (options: InputsOptions): Promise<ReleaseInputs> => {
  const { app, parts, digests } = options;
  const listings = new Map<string, Listing>();
  for (const part of parts) {
    listings.set(`${part.key}:sources`, await sourcesOf(part, options));
    listings.set(`${part.key}:lockfile`, await lockfilesOf(part, options));
    if (part.inputs.length > 0) listings.set(`${part.key}:inputs`, await extraInputsOf(part, options));
  }
  const migrations = migrationsOf(app, listings);
  if (migrations !== null) listings.set("migrations:files", migrations);
  digests.save();
  const inputs = definitionInputs(app);
  for (const [key, listing] of listings) inputs[key] = digestOfListing(listing);
  return { id: releaseIdOf(inputs), inputs, listings };
};

const digestOfListing = (listing: Listing): Digest =>
  sha256(
    [...listing.keys()]
      .sort()
      .map((name) => `${JSON.stringify([name, listing.get(name)])}\n`)
      .join(""),
  );

const sourcesOf = async (part: Part, options: InputsOptions): Promise<Listing> => {
  const listing: Listing = new Map();
  const paths = new Set(await options.lister.list(part.folder));
  for (const path of await unbuiltFiles(part)) paths.add(path);
  const output = outputFolder(part);
  for (const path of paths) {
    if (output !== null && isWithin(output, path)) continue;
    await add(listing, { name: below(part.folder, path), path, within: part.folder, options });
  }
  return listing;
};

/** Where the build writes, which is no input; a folder that is taken as it is, is one. */
const outputFolder = ({ build, folder, output }: Part): string | null =>
  output.type === "folder" && build !== null && output.path !== folder ? output.path : null;

/** Without a build what is deployed is what lies there, ignored by git or not; for node_modules the lockfile stands. */
const unbuiltFiles = async ({ build, folder, output }: Part): Promise<string[]> => {
  if (build !== null) return [];
  if (output.type === "folder") {
    if (!lstatSync(output.path, { throwIfNoEntry: false })?.isDirectory()) return [];
    const isSource = output.path === folder;
    return filesOfOutput(output.path, { isSource }).map((path) => `${output.path}/${path}`);
  }
  const { paths } = await selectFiles(folder, output.globs, ["**/node_modules/**"]);
  return paths.map((path) => `${folder}/${path}`);
};

interface Added {
  name: string;
  path: string;
  /** The folder that is listed anyway: links that stay in it need no following. */
  within: string;
  options: InputsOptions;
}

/**
 * Adds a file; of a link that leads elsewhere in the project also what it leads to, because a build reads through it.
 * What lies outside the project is taken by its name only.
 */
const add = async (listing: Listing, { name, path, within, options }: Added): Promise<void> => {
  if (listing.has(name)) return;
  const state = await options.digests.stateOf(path);
  if (state === null) return;
  listing.set(name, state);
  if (!state.startsWith("link ")) return;
  const target = realTarget(path);
  if (target === null || !isWithin(options.projectDir, target) || isWithin(within, target)) return;
  const at = `${below(options.projectDir, target)}`;
  if (listing.has(`-> ${at}`)) return;
  listing.set(`-> ${at}`, "followed");
  // Named from the project, so that a folder reached by two links is read once.
  const folder = lstatSync(target).isDirectory();
  for (const inner of folder ? await options.lister.list(target) : [target]) {
    const innerName = `-> ${below(options.projectDir, inner)}${inner === target ? " file" : ""}`;
    await add(listing, { name: innerName, path: inner, within: folder ? target : dirname(target), options });
  }
};

const realTarget = (path: string): string | null => {
  try {
    return realpathSync(path);
  } catch {
    return null; // It leads to nothing now; its text is in the listing all the same.
  }
};

const lockfilesOf = async ({ folder }: Part, options: InputsOptions): Promise<Listing> => {
  const listing: Listing = new Map();
  for (const path of nearestLockfiles(folder, options.top)) {
    const state = await options.digests.stateOf(path);
    if (state !== null) listing.set(below(dirname(path), path), state);
  }
  return listing;
};

const extraInputsOf = async (part: Part, options: InputsOptions): Promise<Listing> => {
  const { projectDir, lister } = options;
  const listing: Listing = new Map();
  const { paths, empty } = await selectFiles(projectDir, part.inputs, ["**/node_modules/**"]);
  if (empty.length > 0) {
    throw new AppError("CONFIG_INVALID", `${part.key}: the input ${empty[0]} matches no file`, {
      hint: "correct the glob: it is relative to the project's folder",
      context: { part: part.key, glob: empty[0] },
    });
  }
  // A file that is named counts whether git ignores it or not; of what a wildcard finds, only sources do.
  const named = new Set(part.inputs.filter((pattern) => !isDynamicPattern(pattern)));
  const sources = paths.every((path) => named.has(path)) ? [] : await lister.list(projectDir);
  const known = new Set(sources);
  for (const name of paths) {
    const path = `${projectDir}/${name}`;
    if (!named.has(name) && !known.has(path)) continue;
    await add(listing, { name, path, within: projectDir, options });
  }
  return listing;
};

/** The part of the sources that are migrations, when they are taken as they are: so a difference can be told by its cause. */
const migrationsOf = (app: AppDefinition, listings: Map<string, Listing>): Listing | null => {
  const migrations = app.database?.migrations;
  if (!migrations) return null;
  const prefix = `${migrations.folder.replace(/^\.\//, "").replace(/\/$/, "")}/`;
  const sources = listings.get(`service:${migrations.service}:sources`) ?? new Map<string, string>();
  const found = [...sources].filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? null
    : new Map(found.map(([name, state]) => [name.slice(prefix.length), state]));
};

/** Names of files that differ between two readings of the inputs, by input; for people. */
export const changedFiles = (before: ReleaseInputs, after: ReleaseInputs): string[] => {
  const changed: string[] = [];
  for (const key of new Set([...before.listings.keys(), ...after.listings.keys()])) {
    const [old, now] = [before.listings.get(key), after.listings.get(key)];
    for (const name of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
      if (old?.get(name) !== now?.get(name)) changed.push(`${key} ${name}`);
    }
  }
  return changed.sort();
};
