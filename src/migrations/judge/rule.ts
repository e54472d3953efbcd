import type { MigrationFinding } from "../../domain/rehearsal.ts";
import type { RuleText } from "../../domain/migration-rule.ts";
import type { Facts } from "./facts.ts";
import type { Statement } from "./statements.ts";

/** Where a rule does not hold. What is left out is the rule's own. */
export interface Hit {
  /** Null: the migration as a whole. */
  statement: Statement | null;
  /** Instead of the statement's. */
  line?: number | null;
  object: string | null;
  what: string;
  why?: string;
  instead?: string;
  /** SQL for the very names. */
  instructions?: string[];
  level?: MigrationFinding["level"];
  estimate?: MigrationFinding["estimate"];
  /** Why the migration is a contract migration: "drops public.rides.fare". */
  contract?: string;
}

export interface Rule extends RuleText {
  check: (facts: Facts) => Hit[];
}
