import type pg from "pg";
import { compareCatalogs } from "../catalog/compare-catalogs.ts";
import { compareData } from "../catalog/compare-data.ts";
import { fingerprintData } from "../catalog/fingerprint-data.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import type { Catalog, CatalogDifference, DataFingerprint, DataLoss } from "../catalog/types.ts";
import { bookkeepingObjects, findBookkeeping, type BookkeepingTable } from "./bookkeeping.ts";

/** A database at one moment: what it is made of, and what it holds. */
export interface Snapshot {
  catalog: Catalog;
  data: DataFingerprint;
  bookkeeping: BookkeepingTable[];
  /** Objects that are there for the migration tool alone. */
  toolObjects: string[];
}

/** `names`: of the migrations, by which the tables of an unknown tool are told. */
export const takeSnapshot = async (client: pg.Client, names: readonly string[]): Promise<Snapshot> => {
  const bookkeeping = await findBookkeeping(client, names);
  const tables = bookkeeping.map(({ table }) => table);
  return {
    bookkeeping,
    toolObjects: await bookkeepingObjects(client, tables),
    catalog: await readCatalog(client),
    data: await fingerprintData(client),
  };
};

/** What differs in the app's own objects: the tool's tables change by design. Pure. */
export const compareSchemas = (was: Snapshot, is: Snapshot): CatalogDifference[] => {
  const own = new Set([...was.toolObjects, ...is.toolObjects]);
  const ofTool = (object: string): boolean => {
    const identity = object.slice(object.indexOf(":") + 1);
    return [...own].some(
      (name) => identity === name || (name.includes(".") && identity.startsWith(`${name}.`)),
    );
  };
  return withoutConsequences(
    compareCatalogs(was.catalog, is.catalog).filter(({ object }) => !ofTool(object)),
  );
};

/** `owner of type:public.kind`, `grants on table:public.rides`: what a thing has, not what it is. */
const OF_OBJECT = /^(?:owner of|grants on) (.*)$/s;

/** That a thing is there or not says all about its owner and rights. Pure. */
const withoutConsequences = (differences: CatalogDifference[]): CatalogDifference[] => {
  const whole = new Set(
    differences.filter(({ was, is }) => was === null || is === null).map(({ object }) => object),
  );
  return differences.filter(({ object }) => !whole.has(OF_OBJECT.exec(object)?.[1] ?? ""));
};

/** What is lost of the app's own rows. Pure. */
export const compareRows = (was: Snapshot, is: Snapshot): DataLoss[] => {
  const tool = new Set([...was.bookkeeping, ...is.bookkeeping].map(({ table }) => table));
  return compareData(was.data, is.data).filter(({ table }) => !tool.has(table));
};
