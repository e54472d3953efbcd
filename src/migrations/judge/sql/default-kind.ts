import type { Node } from "libpg-query";
import type { DefaultKind } from "./operation.ts";
import { wordsOf } from "./names.ts";

/** Their value is the same for every row of one statement. Any other function is held to be volatile until a rehearsal shows otherwise. */
const STEADY = new Set([
  ...["now", "transaction_timestamp", "statement_timestamp", "current_setting", "current_database"],
  ...[
    "current_schema",
    "version",
    "to_char",
    "to_date",
    "to_timestamp",
    "date_trunc",
    "date_part",
    "timezone",
  ],
  ...[
    "make_interval",
    "make_date",
    "lower",
    "upper",
    "concat",
    "coalesce",
    "length",
    "round",
    "floor",
    "ceil",
  ],
  ...[
    "jsonb_build_object",
    "jsonb_build_array",
    "json_build_object",
    "json_build_array",
    "to_json",
    "to_jsonb",
  ],
  ...["decode", "encode", "md5", "abs", "array_fill", "string_to_array", "regexp_replace", "replace", "trim"],
]);

export const defaultKind = (expression: Node | undefined): DefaultKind => {
  if (expression === undefined) return "none";
  return isVolatile(expression) ? "volatile" : "constant";
};

const isVolatile = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(isVolatile);
  if (typeof value !== "object" || value === null) return false;
  if ("FuncCall" in value) {
    const call = (value as Extract<Node, { FuncCall: unknown }>).FuncCall;
    const name = (call.funcname ?? []).flatMap(wordsOf).at(-1) ?? "";
    if (!STEADY.has(name)) return true;
  }
  return Object.values(value).some(isVolatile);
};
