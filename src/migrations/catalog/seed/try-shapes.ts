import { escapeIdentifier, type ClientBase } from "pg";
import { conditionsOf } from "./conditions.ts";
import { hintsOf, type Hints } from "./hints.ts";
import type { SeedColumn, SeedSchema, SeedTable } from "./read-tables.ts";
import { baseOf, shapesOf, TEXTS } from "./value-of.ts";

const SAMPLES = [3, 12, 27];

/**
 * For each text column with a condition of its own that is not understood: the shapes of text that it lets in. By chance
 * alone a row with several such columns would never be found.
 */
export const tryShapes = async (
  client: ClientBase,
  table: SeedTable,
  schema: SeedSchema,
): Promise<Map<string, Hints>> => {
  const found = new Map<string, Hints>();
  for (const column of table.columns) {
    const hints = hintsOf(column.name, conditionsOf(table, schema));
    const type = schema.types.get(column.type);
    if (!hints.unclear || column.source !== "ours" || type === undefined) continue;
    if (!TEXTS.has(baseOf(type, schema.types).name)) continue;
    found.set(column.name, { ...hints, shapes: await shapesLetIn(client, { table, schema, column, hints }) });
  }
  return found;
};

const shapesLetIn = async (
  client: ClientBase,
  parts: { table: SeedTable; schema: SeedSchema; column: SeedColumn; hints: Hints },
): Promise<number[] | null> => {
  const { table, schema, column, hints } = parts;
  const modifier = modifierOf(column, schema);
  const shapes = shapesOf({ type: column.type, modifier, hints, seeds: { value: "(s)", shape: "0" } });
  const alone = conditionsOf(table, schema).filter(
    ({ columns }) => columns.length === 1 && columns[0] === column.name,
  );
  await client.query("SAVEPOINT shapes");
  try {
    const { rows } = await client.query<{ shape: number }>(
      `SELECT shape FROM (SELECT shape, CASE shape ${shapes.map((sql, at) => `WHEN ${at} THEN ${sql}`).join(" ")} END AS ${escapeIdentifier(column.name)}
         FROM generate_series(0, ${shapes.length - 1}) shape, unnest(ARRAY[${SAMPLES.join(", ")}]::bigint[]) s) t
       WHERE ${alone.map(({ expression }) => `(${expression}) IS NOT FALSE`).join(" AND ")}
       GROUP BY shape HAVING count(*) = ${SAMPLES.length} ORDER BY shape`,
    );
    await client.query("RELEASE SAVEPOINT shapes");
    return rows.map(({ shape }) => shape);
  } catch {
    await client.query("ROLLBACK TO SAVEPOINT shapes");
    return null; // a condition that fails on some text: left to chance
  }
};

/** Of a domain, that of the type below it. */
const modifierOf = (column: SeedColumn, { types }: SeedSchema): number => {
  let { modifier } = column;
  for (let at = types.get(column.type); at?.kind === "d" && at.of !== null; at = types.get(at.of))
    modifier = at.ofModifier;
  return modifier;
};
