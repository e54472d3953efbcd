import type { ColumnDef, Constraint, ConstrType, Node } from "libpg-query";
import { defaultKind } from "./default-kind.ts";
import { tableName, typeText, wordsOf } from "./names.ts";
import type { NewColumn, NewConstraint } from "./operation.ts";

const KINDS: Partial<Record<ConstrType, NewConstraint["kind"]>> = {
  CONSTR_CHECK: "check",
  CONSTR_FOREIGN: "foreign-key",
  CONSTR_UNIQUE: "unique",
  CONSTR_PRIMARY: "primary-key",
  CONSTR_EXCLUSION: "exclude",
};

/** Null: it is no constraint of its own, such as NOT NULL or DEFAULT. */
export const readConstraint = (constraint: Constraint, column?: string): NewConstraint | null => {
  const kind = constraint.contype === undefined ? undefined : KINDS[constraint.contype];
  if (kind === undefined) return null;
  const own = kind === "foreign-key" ? constraint.fk_attrs : constraint.keys;
  const columns = (own ?? []).flatMap(wordsOf);
  return {
    kind,
    name: constraint.conname ?? null,
    columns: columns.length > 0 ? columns : column === undefined ? checkedColumns(constraint) : [column],
    references:
      constraint.pktable === undefined
        ? null
        : { table: tableName(constraint.pktable), columns: (constraint.pk_attrs ?? []).flatMap(wordsOf) },
    notValid: constraint.skip_validation === true,
    usingIndex: constraint.indexname ?? null,
  };
};

/** The columns that a CHECK reads. */
const checkedColumns = ({ raw_expr: expression }: Constraint): string[] => [
  ...new Set(columnsIn(expression)),
];

export const columnsIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(columnsIn);
  if (typeof value !== "object" || value === null) return [];
  if ("ColumnRef" in value) {
    const { fields = [] } = (value as Extract<Node, { ColumnRef: unknown }>).ColumnRef;
    return fields.flatMap(wordsOf).slice(-1);
  }
  return Object.values(value).flatMap(columnsIn);
};

const SERIAL = /^(small|big)?serial[248]?$/;

export const readColumn = (definition: ColumnDef): NewColumn => {
  const name = definition.colname ?? "";
  const type = typeText(definition.typeName);
  const constraints = (definition.constraints ?? []).flatMap((node) =>
    "Constraint" in node ? [node.Constraint] : [],
  );
  const of = (contype: ConstrType) => constraints.find((constraint) => constraint.contype === contype);
  const generated = of("CONSTR_GENERATED");
  return {
    name,
    type,
    default: defaultKind(of("CONSTR_DEFAULT")?.raw_expr),
    notNull: of("CONSTR_NOTNULL") !== undefined || of("CONSTR_PRIMARY") !== undefined,
    serial: SERIAL.test(type),
    identity: of("CONSTR_IDENTITY") !== undefined,
    stored: generated !== undefined && generated.generated_kind !== "v",
    constraints: constraints.flatMap((constraint) => readConstraint(constraint, name) ?? []),
  };
};
