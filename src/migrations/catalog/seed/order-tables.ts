import type { ForeignKey, SeedTable } from "./read-tables.ts";

export interface SeedStep {
  table: SeedTable;
  /** Parents have rows when this table's turn comes. */
  ready: ForeignKey[];
  /** They have not: of the table itself, or in a circle. Set when all rows are there. */
  later: ForeignKey[];
}

/** Parents first; a circle is entered where the fewest foreign keys have to wait, first by name. Pure. */
export const orderTables = (tables: SeedTable[]): SeedStep[] => {
  const done = new Set<number>();
  const known = new Set(tables.map(({ oid }) => oid));
  const waits = (table: SeedTable): number =>
    table.foreignKeys.filter(({ parent }) => parent !== table.oid && known.has(parent) && !done.has(parent))
      .length;
  const steps: SeedStep[] = [];
  let left = tables;
  while (left.length > 0) {
    const next = left.reduce((best, table) => (waits(table) < waits(best) ? table : best));
    steps.push({
      table: next,
      ready: next.foreignKeys.filter(({ parent }) => done.has(parent) || !known.has(parent)),
      later: next.foreignKeys.filter(({ parent }) => !done.has(parent) && known.has(parent)),
    });
    done.add(next.oid);
    left = left.filter((table) => table !== next);
  }
  return steps;
};
