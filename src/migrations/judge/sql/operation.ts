/** A default as far as locks are concerned: a volatile one is computed for each row. */
export type DefaultKind = "none" | "constant" | "volatile";

export interface NewColumn {
  name: string;
  /** As it is written: `integer`, `varchar(20)`. */
  type: string;
  default: DefaultKind;
  notNull: boolean;
  serial: boolean;
  identity: boolean;
  /** GENERATED ALWAYS AS (…) STORED. */
  stored: boolean;
  constraints: NewConstraint[];
}

export interface NewConstraint {
  kind: "check" | "foreign-key" | "unique" | "primary-key" | "exclude";
  name: string | null;
  columns: string[];
  /** `schema.name` of the table that a foreign key points at, and its columns. */
  references: { table: string; columns: string[] } | null;
  /** NOT VALID: rows that are there are not looked at. */
  notValid: boolean;
  usingIndex: string | null;
}

export type Renamed = "table" | "column" | "schema" | "view" | "type" | "enum-value" | "other";
export type Dropped =
  "table" | "view" | "index" | "schema" | "type" | "sequence" | "function" | "database" | "other";

interface OfTable {
  /** `schema.name` */
  table: string;
}

/** A member of the union for each type, so that one can be picked. */
type Each<Types extends string, Rest> = { [Type in Types]: Rest & { type: Type } }[Types];

/** What one statement does, without the many ways in which it can be written. Several for an ALTER TABLE with several parts. */
export type Operation =
  | (OfTable & { type: "add-column"; column: NewColumn; ifNotExists: boolean })
  | (OfTable & { type: "drop-column"; column: string; cascade: boolean; ifExists: boolean })
  | (OfTable & { type: "change-type"; column: string; to: string })
  | Each<"set-not-null" | "drop-not-null" | "set-default" | "drop-default", OfTable & { column: string }>
  | (OfTable & { type: "add-constraint"; constraint: NewConstraint })
  | (OfTable & { type: "validate-constraint"; name: string })
  | (OfTable & { type: "drop-constraint"; name: string; cascade: boolean })
  | (OfTable & { type: "rewrite-table"; how: string })
  | (OfTable & { type: "detach-partition"; partition: string; concurrently: boolean })
  | (OfTable & { type: "attach-partition"; partition: string })
  | (OfTable & { type: "alter-table"; what: string })
  | (OfTable & CreateIndex)
  | (OfTable & {
      type: "create-table";
      columns: NewColumn[];
      constraints: NewConstraint[];
      ifNotExists: boolean;
    })
  | (OfTable & { type: "create-trigger" })
  /** `mode`: 1 is AccessShare, 8 AccessExclusive. */
  | (OfTable & { type: "lock"; mode: number })
  | (OfTable & { type: "write"; verb: "insert" | "update" | "delete"; where: boolean; fromQuery: boolean })
  | { type: "truncate"; tables: string[]; cascade: boolean }
  | {
      type: "drop";
      what: Dropped;
      names: string[];
      cascade: boolean;
      ifExists: boolean;
      concurrently: boolean;
    }
  | { type: "rename"; what: Renamed; object: string; part: string | null; to: string }
  | { type: "set-schema"; object: string; to: string }
  | { type: "reindex"; of: "index" | "table" | "schema" | "database"; name: string; concurrently: boolean }
  | { type: "create-enum"; name: string }
  | { type: "create-domain"; name: string; constrained: boolean }
  | { type: "add-domain-constraint"; name: string; notValid: boolean }
  | { type: "add-enum-value"; name: string; value: string; placed: boolean }
  | { type: "set"; name: string; value: string | null }
  | { type: "transaction"; what: "begin" | "commit" | "rollback" | "savepoint" | "other" }
  | { type: "vacuum" }
  | { type: "code" }
  | { type: "other"; node: string };

export interface CreateIndex {
  type: "create-index";
  name: string | null;
  /** Empty where it is over an expression. */
  columns: string[];
  unique: boolean;
  concurrently: boolean;
  ifNotExists: boolean;
}

export type OperationOf<Type extends Operation["type"]> = Extract<Operation, { type: Type }>;
