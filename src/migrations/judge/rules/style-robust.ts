import type { Rule } from "../rule.ts";
import type { Operation } from "../sql/operation.ts";

/** It fails when it has run before, and could say IF [NOT] EXISTS. Inside a transaction nothing is left half-way. */
const fragile = (operation: Operation): string | null => {
  if ("ifNotExists" in operation && !operation.ifNotExists) return "IF NOT EXISTS";
  if ("ifExists" in operation && !operation.ifExists) return "IF EXISTS";
  return null;
};

export const robustRule: Rule = {
  id: "prefer-if-exists",
  family: "style",
  level: "info",
  title: "A statement outside a transaction fails when it is run again.",
  why: "A migration that is killed half-way has to be mended by hand before it can run again.",
  instead: "IF NOT EXISTS and IF EXISTS, or one transaction around all of it.",
  example: {
    finds: ["CREATE INDEX CONCURRENTLY rides_city_idx ON rides (city);"],
    instead: ["CREATE INDEX CONCURRENTLY IF NOT EXISTS rides_city_idx ON rides (city);"],
  },
  sameAs: { squawk: ["prefer-robust-stmts"] },
  check: (facts) => {
    const alone = (transaction: string): boolean =>
      facts.statements.filter((one) => one.transaction === transaction).length === 1;
    return facts.statements
      .filter(({ explicit, transaction }) => !explicit && alone(transaction) && facts.statements.length > 0)
      .flatMap((statement) =>
        statement.operations.flatMap((operation) => {
          const words = fragile(operation);
          return words === null
            ? []
            : [{ statement, object: null, what: `It fails when it has run before: there is no ${words}.` }];
        }),
      );
  },
};
