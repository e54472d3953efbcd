import { escapeLiteral } from "pg";
import type { Hints } from "./hints.ts";
import type { SeedType } from "./read-tables.ts";

/** SQL of a number from 0, by which the value is told apart from others; `shape` one that chooses among ways to write it. */
export interface Seeds {
  value: string;
  shape: string;
}

export interface ValueRequest {
  type: number;
  modifier: number;
  hints: Hints | null;
  seeds: Seeds;
}

type Types = Map<number, SeedType>;

const pick = (list: string[], seed: string): string =>
  list.length === 1
    ? list[0]!
    : `(CASE ${seed} % ${list.length} ${list.map((one, at) => `WHEN ${at} THEN ${one}`).join(" ")} END)`;

/** Ways in which people write texts: one of them mostly pleases a condition. */
const textShapes = (s: string, lengths: number[]): string[] => {
  const letter = (first: number, divisor: number): string =>
    `chr((${first} + (${s} / ${divisor}) % 26)::int)`;
  return [
    `'seed-' || ${s}`,
    `'seed' || ${s} || '@example.com'`,
    `'https://example.com/' || ${s}`,
    `${letter(65, 1)} || ${letter(65, 26)}`,
    `${letter(65, 1)} || ${letter(65, 26)} || ${letter(65, 676)}`,
    `${letter(97, 1)} || ${letter(97, 26)}`,
    `(1000 + ${s})::text`,
    `'+46' || lpad((${s})::text, 9, '7')`,
    `md5((${s})::text)`,
    `md5((${s})::text)::uuid::text`,
    `'#' || left(md5((${s})::text), 6)`,
    `md5((${s})::text) || md5((${s})::text || 'x')`,
    `md5((${s})::text) || left(md5((${s})::text || 'x'), 8)`,
    `'v1.2.' || ${s}`,
    `'Seed ' || ${s}`,
    `'SEED_' || ${s}`,
    letter(65, 1),
    `'192.0.2.' || (${s} % 256)`,
    `'{"seed": ' || ${s} || '}'`,
    `('2024-01-01'::date + (${s} % 3000)::int)::text`,
    ...lengths.flatMap((length) => [
      `left(rpad('s' || ${s}, ${length}, 'x'), ${length})`,
      `lpad((${s})::text, ${length}, '0')`,
    ]),
  ];
};

/** Ways to write a text of the column, the usual one first, each as long as the type lets it be. */
export const shapesOf = ({ hints, seeds, modifier }: ValueRequest): string[] => {
  const most = modifier > 4 ? modifier - 4 : null;
  const usual =
    most !== null && most < 12
      ? `lpad(((${seeds.value}) % ${10 ** Math.min(most, 9)})::text, ${Math.min(most, 6)}, '0')`
      : `'seed-' || ${seeds.value}`;
  const shapes = hints?.unclear === true ? [usual, ...textShapes(seeds.value, hints.lengths)] : [usual];
  return most === null ? shapes : shapes.map((shape) => `left(${shape}, ${most})`);
};

const textOf = (request: ValueRequest): string => {
  const shapes = shapesOf(request);
  const known = request.hints?.shapes?.map((at) => shapes[at]!) ?? [];
  return pick(known.length > 0 ? known : shapes, request.seeds.shape);
};

const numberOf = (request: ValueRequest, most: number): string => {
  const { hints, seeds } = request;
  const least = hints?.least ?? (hints?.most != null && hints.most < 1 ? hints.most - 1000 : 1);
  const span = Math.max(1, Math.floor(Math.min(most, hints?.most ?? most) - least) + 1);
  return `(${Math.ceil(least)} + (${seeds.value}) % ${span})`;
};

const numericOf = (request: ValueRequest): string => {
  const { modifier } = request;
  if (modifier < 4) return `(${numberOf(request, 1e9)} + 0.25)::numeric`;
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (modifier - 4) & 0x7ff;
  const whole = precision - scale;
  if (whole <= 0) return `((1 + (${request.seeds.value}) % 9)::numeric / 10)`;
  return `(${numberOf(request, 10 ** Math.min(whole, 9) - 1)})::numeric`;
};

const TIMES: Record<string, (s: string) => string> = {
  timestamptz: (s) => `('2024-01-01 00:00:00+00'::timestamptz + (${s}) * interval '1 minute')`,
  timestamp: (s) => `('2024-01-01 00:00:00'::timestamp + (${s}) * interval '1 minute')`,
  date: (s) => `('2024-01-01'::date + ((${s}) % 20000)::int)`,
  time: (s) => `('00:00'::time + ((${s}) % 1440) * interval '1 minute')`,
  timetz: (s) => `(('00:00'::time + ((${s}) % 1440) * interval '1 minute')::text || '+00')::timetz`,
  interval: (s) => `((1 + ${s}) * interval '1 minute')`,
};

const OTHERS: Record<string, (s: string, modifier: number) => string> = {
  bool: (s) => `((${s}) % 2 = 0)`,
  uuid: (s) => `md5('seed' || ${s})::uuid`,
  bytea: (s) => `decode(md5((${s})::text), 'hex')`,
  json: (s) => `json_build_object('seed', ${s})`,
  jsonb: (s) => `jsonb_build_object('seed', ${s})`,
  xml: (s) => `('<seed>' || ${s} || '</seed>')::xml`,
  inet: (s) => `('10.0.0.1'::inet + (${s}) % 16000000)`,
  cidr: (s) => `set_masklen('10.0.0.1'::inet + (${s}) % 16000000, 32)::cidr`,
  macaddr: (s) => `left(md5((${s})::text), 12)::macaddr`,
  macaddr8: (s) => `left(md5((${s})::text), 16)::macaddr8`,
  bit: (s, modifier) =>
    `((${s}) % ${2 ** Math.min(modifier < 1 ? 1 : modifier, 30)})::int::bit(${modifier < 1 ? 1 : modifier})`,
  varbit: (s, modifier) => `((${s}) % 2)::int::bit(${Math.min(modifier < 1 ? 8 : modifier, 8)})::varbit`,
  point: (s) => `point(${s}, ${s})`,
  line: (s) => `line(point(0, ${s}), point(1, 1 + ${s}))`,
  lseg: (s) => `lseg(point(0, ${s}), point(1, ${s}))`,
  box: (s) => `box(point(0, ${s}), point(1, 1 + ${s}))`,
  path: (s) => `path(polygon(box(point(0, ${s}), point(1, 1 + ${s}))))`,
  polygon: (s) => `polygon(box(point(0, ${s}), point(1, 1 + ${s})))`,
  circle: (s) => `circle(point(${s}, ${s}), 1)`,
  tsvector: (s) => `to_tsvector('simple'::regconfig, 'seed ' || ${s})`,
  tsquery: () => `'seed'::tsquery`,
  pg_lsn: (s) => `('0/' || to_hex((1 + ${s})::int))::pg_lsn`,
  oid: (s) => `(1 + ${s})::oid`,
  regclass: () => `'pg_catalog.pg_class'::regclass`,
  hstore: (s) => `('seed=>' || ${s})`,
  ltree: (s) => `('seed.' || ${s})`,
  cube: (s) => `('(' || ${s} || ')')`,
  geometry: (s) => `('POINT(' || (${s}) % 90 || ' ' || (${s}) % 90 || ')')`,
  geography: (s) => `('POINT(' || (${s}) % 90 || ' ' || (${s}) % 90 || ')')`,
  vector: (s, modifier) => `('[' || repeat('0.5,', ${Math.max(modifier, 1) - 1}) || (${s}) % 9 || ']')`,
};

export const TEXTS = new Set(["text", "varchar", "bpchar", "citext", "name", "char"]);
const INTEGERS: Record<string, number> = { int2: 32_000, int4: 2_000_000_000, int8: 1e12 };

const plain = (request: ValueRequest, type: SeedType): string | null => {
  const { seeds, modifier } = request;
  if (TEXTS.has(type.name))
    return type.name === "char" ? `chr((97 + (${seeds.value}) % 26)::int)` : textOf(request);
  if (type.name in INTEGERS) return numberOf(request, INTEGERS[type.name]!);
  if (type.name === "numeric") return numericOf(request);
  if (type.name === "float4" || type.name === "float8") return `(${numberOf(request, 1e6)})::float8`;
  if (type.name === "money") return `(${numberOf(request, 1e6)})::numeric::money`;
  return TIMES[type.name]?.(seeds.value) ?? OTHERS[type.name]?.(seeds.value, modifier) ?? null;
};

/** Types that are made of others. Null as for valueOf; undefined: it is none of them. */
const composed = (request: ValueRequest, type: SeedType, types: Types): string | null | undefined => {
  const part = (of: number, modifier: number): string | null =>
    valueOf({ ...request, type: of, modifier, hints: type.kind === "d" ? request.hints : null }, types);
  if (type.kind === "e" && type.labels.length === 0) return null;
  if (type.kind === "e")
    return pick(
      type.labels.map((label) => `${escapeLiteral(label)}::${type.sql}`),
      request.seeds.value,
    );
  if (type.kind === "c") {
    const values = type.parts.map((one) => part(one.type, one.modifier) ?? "NULL");
    return `ROW(${values.join(", ")})::${type.sql}`;
  }
  if (type.of === null) return undefined;
  const inner = part(type.of, type.kind === "d" ? type.ofModifier : request.modifier);
  if (inner === null) return null;
  switch (type.kind) {
    case "d":
      return inner;
    case "r":
      // Its constructor is a function of its own name.
      return `${type.sql}(${inner}, ${inner}, '[]')`;
    case "m":
      return `${type.sql}(${inner})`;
    case "b":
    case "p":
      return `ARRAY[${inner}]::${type.sql}`;
  }
};

/** SQL of a plausible value of the type, made from the seeds alone. Null: nothing is known of the type. Pure. */
export const valueOf = (request: ValueRequest, types: Types): string | null => {
  const type = types.get(request.type);
  if (type === undefined) return null;
  const made = composed(request, type, types);
  const value = made === undefined ? plain(request, type) : made;
  if (value === null) return null;
  const typed = `(${value})::${baseOf(type, types).sql}`;
  const { hints, seeds } = request;
  if (hints === null || hints.literals.length === 0 || type.kind === "d") return typed;
  const literals = pick(
    hints.literals.map((one) => `${escapeLiteral(one)}::${type.sql}`),
    seeds.value,
  );
  return hints.only ? literals : `(CASE WHEN (${seeds.shape}) % 2 = 0 THEN ${literals} ELSE ${typed} END)`;
};

/** The type below a domain: a candidate is looked at before its domain does. */
export const baseOf = (type: SeedType, types: Types): SeedType =>
  type.kind === "d" && type.of !== null ? baseOf(types.get(type.of) ?? type, types) : type;
