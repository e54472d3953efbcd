import type { Node, RangeVar, TypeName } from "libpg-query";

const DEFAULT_SCHEMA = "public";
/** A word that needs no quotes. Keywords are left alone: quoting every one that could be is harder to read than to get wrong. */
const PLAIN = /^[a-z_][a-z0-9_$]*$/;

/** `schema.name`; what is written without a schema is held to be in public. */
export const tableName = (relation: RangeVar | undefined): string =>
  `${relation?.schemaname ?? DEFAULT_SCHEMA}.${relation?.relname ?? ""}`;

/** The words of a name: `a.b` is two. */
export const wordsOf = (node: Node | undefined): string[] => {
  if (node === undefined) return [];
  if ("String" in node) return [node.String.sval ?? ""];
  if ("List" in node) return (node.List.items ?? []).flatMap(wordsOf);
  if ("TypeName" in node) return (node.TypeName.names ?? []).flatMap(wordsOf);
  if ("ObjectWithArgs" in node) return (node.ObjectWithArgs.objname ?? []).flatMap(wordsOf);
  return [];
};

export const qualified = (words: string[]): string =>
  words.length > 1 ? words.slice(-2).join(".") : `${DEFAULT_SCHEMA}.${words[0] ?? ""}`;

/** A word as SQL writes it. */
export const quoted = (word: string): string => (PLAIN.test(word) ? word : `"${word.replaceAll('"', '""')}"`);

/** `public.rides` as a person writes it: `rides`; another schema stays. */
export const shortName = (name: string): string => {
  const dot = name.indexOf(".");
  const [schema, rest] = [name.slice(0, dot), name.slice(dot + 1)];
  return dot < 0 ? name : schema === DEFAULT_SCHEMA ? rest : name;
};

/** `public.rides` as SQL writes it. */
export const sqlName = (name: string): string => {
  const dot = name.indexOf(".");
  if (dot < 0) return quoted(name);
  const [schema, rest] = [name.slice(0, dot), name.slice(dot + 1)];
  return schema === DEFAULT_SCHEMA ? quoted(rest) : `${quoted(schema)}.${quoted(rest)}`;
};

/** As people write them. */
const SPELLED: Partial<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  bool: "boolean",
  bpchar: "char",
  float4: "real",
  float8: "double precision",
};

/** `varchar(20)`, `integer[]`: the built-in schema is left out. */
export const typeText = (type: TypeName | undefined): string => {
  const words = (type?.names ?? []).flatMap(wordsOf).filter((word) => word !== "pg_catalog");
  const modifiers = (type?.typmods ?? []).flatMap((node) =>
    "A_Const" in node && "ival" in node.A_Const ? [node.A_Const.ival?.ival ?? 0] : [],
  );
  const size = modifiers.length === 0 ? "" : `(${modifiers.join(",")})`;
  const name = words.join(".");
  return `${SPELLED[name] ?? name}${size}${"[]".repeat(type?.arrayBounds?.length ?? 0)}`;
};
