import { expect, test } from "vitest";
import type { RuleSource } from "../../domain/migration-rule.ts";
import { RULE_IDS, RULES } from "./rules.ts";

/** What the other tools look for, by the names that they give it: all of it, or, for Atlas, what its open analyzers and its documented PostgreSQL ones do. */
const THEIRS: Record<RuleSource, string[]> = {
  squawk:
    `adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-required-field
    adding-serial-primary-key-field ban-alter-domain-with-add-constraint ban-char-field
    ban-concurrent-index-creation-in-transaction ban-create-domain-with-constraint ban-drop-column ban-drop-database
    ban-drop-not-null ban-drop-table ban-duplicate-column-assignments ban-truncate-cascade ban-uncommitted-transaction
    changing-column-type constraint-missing-not-valid disallowed-unique-constraint identifier-too-long
    prefer-bigint-over-int prefer-bigint-over-smallint prefer-identity prefer-repack prefer-robust-stmts prefer-text-field
    prefer-timestamptz renaming-column renaming-table require-concurrent-index-creation require-concurrent-index-deletion
    require-concurrent-partition-detach require-concurrent-reindex require-enum-value-ordering require-lock-timeout
    require-statement-timeout require-table-schema require-timeout-settings syntax-error transaction-nesting`.split(
      /\s+/,
    ),
  eugene: "E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 W12 W13 W14 E15".split(" "),
  strong_migrations:
    `add_column_default add_column_default_callable add_column_json add_column_generated_stored
    add_column_auto_incrementing change_column change_column_with_not_null change_column_constraint remove_column
    rename_column rename_enum_value rename_schema rename_table add_reference add_index remove_index add_index_columns
    add_index_corruption change_table create_table execute change_column_default change_column_null add_foreign_key
    validate_foreign_key add_check_constraint validate_check_constraint add_exclusion_constraint add_unique_constraint
    backfill lock_timeout statement_timeout`.split(/\s+/),
  atlas:
    `DS101 DS102 DS103 MF101 MF102 MF103 MF104 CD101 BC101 BC102 PG101 PG102 PG103 PG104 PG105 PG301 PG302 PG303 PG304
    PG305 PG306 nestedtx`.split(/\s+/),
  pgroll:
    `add_column add_check_constraint add_foreign_key add_not_null_constraint add_unique_constraint change_comment
    change_default change_type drop_not_null_constraint create_constraint create_index create_table drop_column
    drop_constraint drop_index drop_multi_column_constraint drop_table raw_sql rename_column rename_constraint rename_table
    set_replica_identity`.split(/\s+/),
  "django-migration-linter":
    `NOT_NULL DROP_COLUMN DROP_TABLE RENAME_COLUMN RENAME_TABLE ALTER_COLUMN ADD_UNIQUE
    RUNPYTHON_REVERSIBLE RUNPYTHON_ARGS_NAMING_CONVENTION RUNPYTHON_MODEL_IMPORT RUNPYTHON_MODEL_VARIABLE_NAME
    RUNSQL_REVERSIBLE CREATE_INDEX CREATE_INDEX_EXCLUSIVE DROP_INDEX REINDEX`.split(/\s+/),
};

/** Theirs that are no rule of ours, and why. */
const NOT_OURS: Partial<Record<string, string>> = {
  "ban-duplicate-column-assignments": "PostgreSQL refuses it: the rehearsal shows syntax-error",
  "require-table-schema": "the rehearsal follows the target's search_path",
  add_index_columns: "a matter of taste about indexes of many columns",
  add_index_corruption: "a bug of PostgreSQL 14.0 to 14.3",
  change_table: "a wrapper of Rails: the relay sees the statements",
  execute: "a wrapper of Rails: the relay sees the statements",
  change_comment: "blocks and breaks nothing",
  create_table: "a new table is nobody's yet",
  raw_sql: "the relay sees the statements",
  rename_constraint: "blocks and breaks nothing",
  set_replica_identity: "told by no-lock-timeout as any lock",
  RUNPYTHON_ARGS_NAMING_CONVENTION: "about Python",
  RUNPYTHON_MODEL_IMPORT: "about Python",
  RUNPYTHON_MODEL_VARIABLE_NAME: "about Python",
};

test.each(Object.entries(THEIRS))("every rule of %s is one of ours, or it is said why not", (tool, names) => {
  const same = new Set(RULES.flatMap(({ sameAs }) => sameAs[tool as RuleSource] ?? []));
  expect(names.filter((name) => !same.has(name) && NOT_OURS[name] === undefined)).toEqual([]);
  expect([...same].filter((name) => !names.includes(name))).toEqual([]);
});

/** What all of them look for together, in words. */
const UNION: [found: string, rules: string][] = [
  [
    "a CHECK or foreign key that is validated at once",
    "check-validated-at-once foreign-key-validated-at-once",
  ],
  ["SET NOT NULL without a validated CHECK", "set-not-null-scans"],
  [
    "UNIQUE, PRIMARY KEY or EXCLUDE that builds an index",
    "unique-constraint-builds-index primary-key-builds-index exclude-constraint-builds-index",
  ],
  [
    "index made, dropped or rebuilt without CONCURRENTLY",
    "create-index-blocks-writes drop-index-blocks reindex-blocks",
  ],
  ["a partition detached without CONCURRENTLY", "detach-partition-blocks"],
  ["a type change that rewrites, or on a column with CHECKs", "change-type-rewrites"],
  ["a volatile default", "add-column-volatile-default"],
  ["serial, stored generated", "add-serial-column add-stored-generated-column"],
  ["VACUUM FULL, CLUSTER", "rebuilds-table"],
  ["further statements while an AccessExclusive lock is held", "work-while-locked"],
  ["VALIDATE in the transaction of its ADD", "validate-with-its-add"],
  ["no lock_timeout, no statement_timeout", "no-lock-timeout no-statement-timeout"],
  ["several ALTERs that could be one", "several-alters"],
  [
    "drop or rename of table, column, schema, enum value",
    "drop-table drop-column drop-schema drop-type rename-table rename-column rename-schema rename-enum-value",
  ],
  ["a NOT NULL column without a default, or its default dropped", "add-column-not-null drop-default"],
  ["a new UNIQUE", "new-unique"],
  ["a type change that breaks the release before", "change-type-breaks"],
  ["a primary key that silently sets NOT NULL", "primary-key-sets-not-null"],
  ["DROP NOT NULL", "drop-not-null"],
  ["UNIQUE or NOT NULL on rows that are there", "unique-with-duplicates not-null-with-nulls"],
  ["drop of a constraint, of a database", "drop-constraint drop-database"],
  ["TRUNCATE CASCADE", "truncate truncate-cascade"],
  ["forced re-create", "recreate-table drop-cascade"],
  ["CONCURRENTLY in a transaction", "concurrently-in-transaction"],
  ["nested or uncommitted transactions", "nested-transaction uncommitted-transaction"],
  ["DDL mixed with a back-fill", "ddl-with-backfill"],
  ["an irreversible down", "irreversible-down"],
  ["json", "prefer-jsonb"],
  ["char and varchar limits", "prefer-text"],
  ["32 bit keys", "prefer-bigint"],
  ["timestamp without a zone", "prefer-timestamptz"],
  ["serial instead of identity", "prefer-identity"],
  ["IF EXISTS", "prefer-if-exists"],
  ["order of enum values", "enum-value-order creates-enum"],
  ["a foreign key without an index", "unindexed-foreign-key"],
  ["over-long identifiers", "identifier-too-long"],
  ["constraints of domains", "domain-with-constraint"],
];

test.each(UNION)("%s has a rule", (_found, rules) => {
  for (const id of rules.split(" ")) expect(RULE_IDS).toContain(id);
});

test("ids are unique and stay words that can be typed", () => {
  expect(RULE_IDS.size).toBe(RULES.length);
  for (const id of RULE_IDS) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$|^truncate$|^deadlock$/);
});
