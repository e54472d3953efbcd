import { checkedKey, checkedPrefix } from "../../src/adapters/store/store-key.ts";
import { sha256 } from "../../src/domain/digest.ts";
import type { Store } from "../../src/ports/store.ts";

/** A Store in memory, for tests: passes the same contract suite as the real ones. */
export const makeMemoryStore = (): Store & {
  objects: Map<string, { bytes: Uint8Array; etag: string }>;
  /** How many writes were carried out. */
  writes(): number;
} => {
  const objects = new Map<string, { bytes: Uint8Array; etag: string }>();
  let version = 0;
  const put = (key: string, bytes: Uint8Array) => {
    const etag = `${++version}-${sha256(bytes)}`;
    objects.set(key, { bytes: bytes.slice(), etag });
    return etag;
  };
  return {
    objects,
    writes: () => version,
    get: async (key) => {
      const standing = objects.get(checkedKey(key));
      return standing === undefined ? null : { ...standing, bytes: standing.bytes.slice() };
    },
    create: async (key, bytes) => {
      checkedKey(key);
      if (objects.has(key)) return "exists";
      put(key, bytes);
      return "created";
    },
    replace: async (key, bytes, etag) => {
      checkedKey(key);
      if ((objects.get(key)?.etag ?? null) !== etag) return "conflict";
      return { etag: put(key, bytes) };
    },
    list: async (prefix) => {
      checkedPrefix(prefix);
      return [...objects.keys()]
        .filter((key) => key.startsWith(prefix) && !key.slice(prefix.length).includes("/"))
        .sort();
    },
  };
};
