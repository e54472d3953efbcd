import { createReadStream, readFileSync, statSync } from "node:fs";
import { listTree } from "../../src/adapters/artefacts/list-tree.ts";
import { makeFileArtefacts } from "../../src/adapters/artefacts/file-artefacts.ts";
import { connectSite } from "../../src/adapters/aws/site/connect-site.ts";
import { makeSitePublisher } from "../../src/adapters/aws/site/site-publisher.ts";
import { makeFileDigests } from "../../src/adapters/builder/file-digests.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { digestOf, sha256, type Digest } from "../../src/domain/digest.ts";
import type { FileTree } from "../../src/domain/file-tree.ts";
import type { Artefacts } from "../../src/ports/artefacts.ts";

// publish-process.mjs ENDPOINT BUCKET FOLDER CACHE [STORE]: from a folder to the bucket. The cache remembers digests of files that did
// not change on the disk. With a store the tree is put into it first.
const [endpoint = "", bucket = "", folder = "", cacheFile = "", store] = process.argv.slice(2);

/** As the builder does it. */
const hashFolder = async (paths: string[]): Promise<FileTree> => {
  const digests = makeFileDigests({ projectDir: folder, cacheFile, nowMs: Date.now });
  const tree: FileTree = { format: 1, entries: {} };
  for (const path of paths) {
    const state = await digests.stateOf(`${folder}/${path}`);
    if (state?.startsWith("file ") !== true) continue;
    const sha = state.slice("file ".length);
    const { size } = statSync(`${folder}/${path}`);
    tree.entries[path] = { type: "file", sha256: sha, bytes: size, executable: false };
  }
  digests.save();
  return tree;
};

/** The folder as it lies there: every file is hashed, none is stored. */
const folderArtefacts = (tree: FileTree): Artefacts => {
  const places = new Map<Digest, string>();
  for (const [path, entry] of Object.entries(tree.entries))
    if (entry.type === "file") places.set(entry.sha256, `${folder}/${path}`);
  const no = () => Promise.reject(new Error("not here"));
  return {
    storeTree: no,
    materialise: no,
    readTree: () => Promise.resolve(tree),
    readBlob: (digest) => {
      const bytes = readFileSync(places.get(digest)!);
      return sha256(bytes) === digest ? Promise.resolve(bytes) : no();
    },
    streamBlob: (digest) => createReadStream(places.get(digest)!),
  };
};

const paths = await listTree(folder);
const stored = store === undefined ? null : makeFileArtefacts({ folder: store });
const tree = stored === null ? await hashFolder(paths) : (await stored.storeTree(folder, paths)).tree;
const spec = { site: "web", tree: digestOf(tree), route: "/*", fallback: "index.html", settings: {} };
const contract = { bucket, distribution: "none" };
const { s3, gate, close } = connectSite({ contract, region: "eu-north-1", endpoint, clock: systemClock });
const publisher = makeSitePublisher({
  s3,
  gate,
  cloudFront: null,
  artefacts: stored ?? folderArtefacts(tree),
  clock: systemClock,
  site: { name: "web", prefix: "web/", route: "/*" },
});
const context = { epoch: 1, deployment: "d-0001", signal: new AbortController().signal };
await publisher.stage(spec, context);
await publisher.switchTo({ spec, release: spec.tree }, context);
await close();
