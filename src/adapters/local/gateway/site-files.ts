import { constants, createReadStream, type ReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { BoundedCache } from "./bounded-cache.ts";
import type { SiteFile } from "../../../domain/site-path.ts";

/** Larger files are streamed from the disk. */
const MAX_CACHED_FILE = 256 * 1024;
// What is a file in the manifest is a file on the disk; a link in its place is not followed.
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW;

/** Contents of site files, by their digest: equal files of different releases are held once. */
export class SiteFiles {
  private readonly cache: BoundedCache;

  constructor(maxBytes: number) {
    this.cache = new BoundedCache(maxBytes);
  }

  /** The content when it is in memory. */
  peek(file: SiteFile): Buffer | null {
    return this.cache.get(file.sha256) ?? null;
  }

  isSmall(file: SiteFile): boolean {
    return file.bytes <= MAX_CACHED_FILE;
  }

  /** The whole content. Throws when the file on the disk is not as long as the manifest says. */
  async read(root: string, file: SiteFile): Promise<Buffer> {
    const cached = this.cache.get(file.sha256);
    if (cached !== undefined) return cached;
    const handle = await open(join(root, file.path), READ_ONLY);
    try {
      const content = await handle.readFile();
      if (content.length !== file.bytes)
        throw new Error(`${file.path} has ${content.length} bytes, not ${file.bytes}`);
      if (this.isSmall(file)) this.cache.set(file.sha256, content);
      return content;
    } finally {
      await handle.close();
    }
  }

  /** Bytes `start` to `end`, inclusive. */
  stream(root: string, file: SiteFile, part: { start: number; end: number }): ReadStream {
    return createReadStream(join(root, file.path), { ...part, flags: READ_ONLY as unknown as string });
  }
}
