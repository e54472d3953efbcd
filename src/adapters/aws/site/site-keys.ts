import type { Digest } from "../../../domain/digest.ts";

/**
 * Where a site's objects lie. What browsers ask for stands below the site's prefix, which is the distribution's origin path;
 * the rest stands beside it, where no distribution leads as long as the prefix is not empty. No site is called `.switchback`.
 */
export interface SiteKeys {
  ledger: string;
  served(path: string): string;
  kept(digest: Digest): string;
}

export const siteKeysOf = (prefix: string): SiteKeys => ({
  ledger: `.switchback/${prefix}ledger.json`,
  served: (path) => prefix + path,
  kept: (digest) => `.switchback/${prefix}kept/${digest}`,
});
