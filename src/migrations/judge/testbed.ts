import type { MigrationFinding } from "../../domain/rehearsal.ts";
import type { Catalog, TableStatistics } from "../catalog/types.ts";
import type { LockMode, Observation, ObservedStatement } from "../relay/types.ts";
import { judge } from "./judge.ts";
import type { Judgement, JudgeInput, MigrationToJudge } from "./types.ts";

/** rideshare, as far as the examples of the rules need it. */
export const CATALOG: Catalog = {
  "table:public.rides": "table",
  "table:public.drivers": "table",
  "table:public.rides_2024": "table",
  "column:public.rides.id": "bigint not null",
  "column:public.rides.code": "text",
  "column:public.rides.fare": "numeric(10,2) not null default 0",
  "column:public.rides.seats": "integer default 4",
  "column:public.rides.city": "character varying(40)",
  "column:public.rides.note": "text",
  "column:public.rides.status": "text",
  "column:public.rides.driver_id": "bigint",
  "column:public.rides.created_at": "timestamp with time zone not null default now()",
  "column:public.drivers.id": "bigint not null",
  "column:public.drivers.name": "text",
  "constraint:public.rides.rides_status_check": "CHECK ((status IS NOT NULL))",
  "constraint:public.rides.rides_seats_check": "CHECK ((seats > 0))",
  "index:public.rides_status_idx": "CREATE INDEX rides_status_idx ON public.rides USING btree (status)",
  "index:public.rides_code_idx": "CREATE UNIQUE INDEX rides_code_idx ON public.rides USING btree (code)",
  "index:public.rides_id_idx": "CREATE UNIQUE INDEX rides_id_idx ON public.rides USING btree (id)",
};

const MB = 1024 * 1024;
/** 40,000,000 rows, so that each kind of work blocks. */
export const BIG: TableStatistics[] = ["rides", "drivers"].map((name) => ({
  ...{ table: `public.${name}`, rows: 40_000_000, bytes: 8_000 * MB, indexBytes: 2_000 * MB },
  nullFractions: { city: 0.01, note: 0, seats: 0, status: 0 },
  distinct: [],
}));
export const SMALL: TableStatistics[] = BIG.map((one) => ({
  ...one,
  rows: 1_000,
  bytes: MB,
  indexBytes: MB,
}));

export const migration = (sql: string, change: Partial<MigrationToJudge> = {}): MigrationToJudge => ({
  ...{ name: "0001_test", file: "migrations/0001_test.sql", source: sql, sql: { text: sql, line: 1 } },
  ...{ direction: "up", reversible: true, observation: null, before: CATALOG, after: null },
  ...change,
});

export const judged = (
  migrations: MigrationToJudge | MigrationToJudge[],
  change: Partial<JudgeInput> = {},
): Judgement =>
  judge({
    migrations: [migrations].flat(),
    ...{ major: 18, statistics: BIG, timeouts: { lockMs: 2_000, statementMs: 30_000 } },
    bookkeeping: ["public.pgmigrations"],
    ...change,
  });

export const found = ({ findings }: Judgement, rule: string): MigrationFinding[] =>
  findings.filter((finding) => finding.rule === rule);

type Seen = Partial<Omit<ObservedStatement, "locks">> & {
  sql: string;
  locks?: [table: string, mode: LockMode][];
};

/** What a relay tells, in the shape in which it tells it. */
export const observation = (seen: Seen[], transactions: Observation["transactions"] = []): Observation => ({
  statements: seen.map(({ locks = [], ...statement }, index) => ({
    ...{ index, connection: 0, transaction: 0, kind: "explicit", startedMs: index, durationMs: 1 },
    ...{ tag: "ALTER TABLE", rewrites: [], scans: [], writes: {}, error: null },
    ...statement,
    locks: locks.map(([table, mode]) => ({ table, mode, index: null })),
  })),
  transactions,
});
