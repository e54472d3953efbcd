import { blocks, type Effect } from "../effects.ts";
import type { Cost } from "../estimate.ts";
import type { Facts } from "../facts.ts";
import type { Hit } from "../rule.ts";
import { shortName } from "../sql/names.ts";
import type { Statement } from "../statements.ts";

/** "nobody can read or write rides" */
export const waitWords = ({ table, mode }: Pick<Effect, "table" | "mode">): string =>
  mode === "AccessExclusiveLock"
    ? `nobody can read or write ${shortName(table)}`
    : `nobody can write to ${shortName(table)}`;

export interface Wait {
  effect: Effect;
  cost: Cost;
}

/** For which table others wait while the statement works through it, and for how long; null: for none, or hardly. */
export const waitOn = (facts: Facts, statement: Statement, table?: string): Wait | null => {
  const effects = facts
    .effects(statement)
    .filter(({ work, mode }) => work !== null && work !== "update" && blocks(mode))
    .filter((effect) => table === undefined || effect.table === table);
  const [effect] = effects;
  if (effect === undefined) return null;
  const cost = facts.cost(effects.filter((one) => one.table === effect.table));
  return cost.level === null ? null : { effect, cost };
};

/** A hit for the wait, if there is one worth telling. `does`: "builds an index over rides". */
export const waitHit = (
  facts: Facts,
  statement: Statement,
  {
    table,
    object,
    does,
    instructions,
  }: { table: string; object?: string; does: string; instructions: string[] },
): Hit[] => {
  const wait = waitOn(facts, statement, table);
  if (wait === null) return [];
  const { effect, cost } = wait;
  return [
    {
      statement,
      object: object ?? table,
      what: `It ${does}; meanwhile ${waitWords(effect)}, ${cost.words}.`,
      level: cost.level ?? "warn",
      estimate: cost.estimate,
      instructions,
    },
  ];
};

/** A whole migration's text for what has to be committed apart. */
export const APART = "-- in a migration of its own, outside a transaction:";
