import type { Catalog, CatalogDifference } from "./types.ts";

const ABOUT_ANOTHER = /^(?:owner of|grants on|comment on|label of) /;

/**
 * What is not the same, object by object, in the order of their names. None: the schemas are equal. Of an object that is there
 * on one side only, its owner, rights and comment are not told apart. Pure.
 */
export const compareCatalogs = (was: Catalog, is: Catalog): CatalogDifference[] => {
  const cameOrWent = (object: string): boolean => object in was !== object in is;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .sort()
    .filter((object) => was[object] !== is[object])
    .filter((object) => !ABOUT_ANOTHER.test(object) || !cameOrWent(object.replace(ABOUT_ANOTHER, "")))
    .map((object) => ({ object, was: was[object] ?? null, is: is[object] ?? null }));
};
