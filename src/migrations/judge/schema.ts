import type { Catalog } from "../catalog/types.ts";

export interface SchemaColumn {
  /** Definition as the catalog has it. */
  definition: string;
  notNull: boolean;
  hasDefault: boolean;
}

/** What rules ask of a catalog. Where the catalog is not known, nothing is. */
export interface Schema {
  known: boolean;
  hasTable(table: string): boolean;
  /** `schema.name` of the only table of that bare name, wherever it is. */
  find(name: string): string | null;
  column(table: string, column: string): SchemaColumn | null;
  /** `schema.name` of the table that an index is over. */
  tableOfIndex(index: string): string | null;
  /** Columns of an index, as far as it is over columns. */
  columnsOfIndex(index: string): string[];
  /** Definitions of the constraints of a table. */
  constraints(table: string): { name: string; definition: string }[];
}

const ON_TABLE = /\bON (?:ONLY )?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/;
const COLUMNS = /\(([^()]*)\)/;

const bare = (text: string): string => text.trim().replaceAll('"', "");

export const makeSchema = (catalog: Catalog | null): Schema => {
  const entries = Object.entries(catalog ?? {});
  const of = (kind: string): [identity: string, definition: string][] =>
    entries.flatMap(([key, definition]) =>
      // Names are compared without the quotes that a catalog may write them with.
      key.startsWith(`${kind}:`) ? [[bare(key.slice(kind.length + 1)), definition]] : [],
    );
  const columns = new Map(of("column"));
  const indexes = new Map(of("index"));
  const tables = new Set([
    ...of("table").map(([identity]) => identity),
    ...[...columns.keys()].map((identity) => identity.slice(0, identity.lastIndexOf("."))),
  ]);
  return {
    known: catalog !== null,
    hasTable: (table) => tables.has(table),
    find: (name) => {
      const found = [...tables].filter((table) => table.slice(table.indexOf(".") + 1) === name);
      return found.length === 1 ? (found[0] ?? null) : null;
    },
    column: (table, column) => {
      const definition = columns.get(`${table}.${column}`);
      return definition === undefined
        ? null
        : {
            definition,
            notNull: /\bnot null\b/i.test(definition),
            hasDefault: /\b(default|identity|generated)\b/i.test(definition),
          };
    },
    tableOfIndex: (index) => {
      const on = ON_TABLE.exec(indexes.get(index) ?? "")?.[1];
      if (on === undefined) return null;
      return on.includes(".") ? bare(on) : `${index.slice(0, index.indexOf("."))}.${bare(on)}`;
    },
    columnsOfIndex: (index) =>
      (COLUMNS.exec(indexes.get(index) ?? "")?.[1] ?? "").split(",").flatMap((one) => bare(one) || []),
    constraints: (table) =>
      of("constraint").flatMap(([identity, definition]) =>
        identity.startsWith(`${table}.`) ? [{ name: identity.slice(table.length + 1), definition }] : [],
      ),
  };
};
