import { escapeIdentifier, type ClientBase } from "pg";
import type { SeedStep } from "./order-tables.ts";
import type { ForeignKey, SeedTable } from "./read-tables.ts";

const quote = escapeIdentifier;

const assignments = (columns: string[], key: ForeignKey): string =>
  columns
    .map((column) => `${quote(column)} = p.${quote(key.parentColumns[key.columns.indexOf(column)]!)}`)
    .join(", ");

/**
 * Sets a foreign key that had to wait. Of rows that may have none every third keeps none; where a part of the key may not be
 * empty, that part stays and a row that shares it is found. Pure.
 */
export const settleKey = (table: SeedTable, key: ForeignKey, parentFrom: string): string => {
  const free = key.columns.filter((name) => table.columns.some((one) => one.name === name && !one.notNull));
  const fixed = key.columns.filter((name) => !free.includes(name));
  const parentOf = (column: string): string => quote(key.parentColumns[key.columns.indexOf(column)]!);
  if (free.length > 0 && fixed.length > 0) {
    const shared = fixed.map(parentOf).join(", ");
    return `UPDATE ${table.from} t SET ${assignments(free, key)}
FROM (SELECT DISTINCT ON (${shared}) * FROM ${parentFrom} ORDER BY ${shared}, ${free.map(parentOf).join(", ")}) p
WHERE ${fixed.map((column) => `p.${parentOf(column)} = t.${quote(column)}`).join(" AND ")}`;
  }
  const parentColumns = key.parentColumns.map(quote).join(", ");
  return `UPDATE ${table.from} t SET ${assignments(key.columns, key)}
FROM (SELECT tableoid, ctid, row_number() OVER (ORDER BY tableoid, ctid) AS nth FROM ${table.from}) c
JOIN (SELECT ${parentColumns}, row_number() OVER (ORDER BY ${parentColumns}) - 1 AS nth, count(*) OVER () AS all_rows FROM ${parentFrom}) p
  ON p.nth = c.nth * 7 % p.all_rows
WHERE t.ctid = c.ctid AND t.tableoid = c.tableoid${fixed.length === 0 ? " AND c.nth % 3 <> 0" : ""}`;
};

/** Removes rows whose foreign key leads nowhere; how many were removed. Others may lead to them, so it is asked until none is. */
export const removeDangling = async (
  client: ClientBase,
  steps: SeedStep[],
  fromOf: (oid: number) => string | null,
): Promise<Map<string, number>> => {
  const removed = new Map<string, number>();
  for (let again = true; again;) {
    again = false;
    for (const { table } of steps)
      for (const key of table.foreignKeys) {
        const parent = fromOf(key.parent);
        if (parent === null) continue;
        const set = key.columns.map((column) => `t.${quote(column)} IS NOT NULL`).join(" AND ");
        const same = key.columns
          .map((column, at) => `p.${quote(key.parentColumns[at]!)} = t.${quote(column)}`)
          .join(" AND ");
        const { rowCount } = await client.query(
          `DELETE FROM ${table.from} t WHERE ${set} AND NOT EXISTS (SELECT FROM ${parent} p WHERE ${same})`,
        );
        if (rowCount === null || rowCount === 0) continue;
        again = true;
        removed.set(table.table, (removed.get(table.table) ?? 0) + rowCount);
      }
  }
  return removed;
};
