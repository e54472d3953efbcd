import type { RowsLost } from "../../domain/plan.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Tables and columns that the migrations made, and that a down therefore takes with whatever they hold by then. The tool's
 * own tables count for nothing. Pure.
 */
export const removedByDown = (
  before: Pick<Snapshot, "data">,
  after: Pick<Snapshot, "data" | "bookkeeping">,
): RowsLost[] => {
  const tools = new Set(after.bookkeeping.map(({ table }) => table));
  return Object.entries(after.data)
    .filter(([table]) => !tools.has(table))
    .flatMap(([table, { columns }]): RowsLost[] => {
      const was = before.data[table];
      if (was === undefined) return [{ table, column: null }];
      return Object.keys(columns)
        .filter((column) => was.columns[column] === undefined)
        .map((column) => ({ table, column }));
    });
};
