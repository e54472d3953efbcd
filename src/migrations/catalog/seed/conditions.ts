import { escapeIdentifier } from "pg";
import type { Condition } from "./hints.ts";
import type { SeedSchema, SeedTable } from "./read-tables.ts";

/** As PostgreSQL writes it in a condition. */
const written = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : escapeIdentifier(name));

/** Conditions of the columns' domains, as if the table had them. Pure. */
export const domainConditions = ({ columns }: SeedTable, { types }: SeedSchema): Condition[] =>
  columns.flatMap(({ name, type }) => {
    const found: Condition[] = [];
    for (let at = types.get(type); at?.kind === "d"; at = at.of === null ? undefined : types.get(at.of))
      for (const check of at.checks)
        found.push({ expression: check.replace(/\bVALUE\b/g, () => written(name)), columns: [name] });
    return found;
  });

/** All that a row of the table has to fulfil; of its partitions, one. Pure. */
export const conditionsOf = (table: SeedTable, schema: SeedSchema): Condition[] => [
  ...table.checks,
  ...domainConditions(table, schema),
  ...table.partitions.map((expression) => ({
    expression,
    columns: table.columns.map(({ name }) => name).filter((name) => expression.includes(written(name))),
  })),
];
