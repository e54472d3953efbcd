import type { Catalog, CatalogDifference } from "./types.ts";

/** What differs, object for object, by name. Empty: the schemas are equal. */
export const compareCatalogs = (was: Catalog, is: Catalog): CatalogDifference[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .sort()
    .filter((object) => was[object] !== is[object])
    .map((object) => ({ object, was: was[object] ?? null, is: is[object] ?? null }));
