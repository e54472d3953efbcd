import type { DataFingerprint, DataLoss } from "./types.ts";

/** What is lost of the data as they were. Tables and columns that came in addition are no loss. */
export const compareData = (was: DataFingerprint, is: DataFingerprint): DataLoss[] =>
  Object.entries(was).flatMap(([table, before]): DataLoss[] => {
    const after = is[table];
    if (after === undefined) return before.rows === "0" ? [] : [{ table, column: null, what: "table-gone" }];
    if (after.rows !== before.rows) return [{ table, column: null, what: "rows-changed" }];
    return Object.entries(before.columns).flatMap(([column, sum]): DataLoss[] => {
      const now = after.columns[column];
      if (now === undefined) return before.rows === "0" ? [] : [{ table, column, what: "column-gone" }];
      return now === sum ? [] : [{ table, column, what: "values-changed" }];
    });
  });
