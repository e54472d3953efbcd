import type { Digest } from "../../domain/digest.ts";
import type { PlainDirection, PlainMigration } from "./plain-migration.ts";

/** A row of the bookkeeping. */
export interface AppliedMigration {
  name: string;
  checksum: Digest;
  /** Statements that are in, of a migration without a transaction that did not get to its end; null: it did. */
  statements: number | null;
}

/** Why nothing is run: in words, with the way out. */
export interface Refusal {
  what: string;
  hint: string;
}

export type Plan<Step> = { ok: true; steps: Step[] } | { ok: false; refusal: Refusal };

export interface UpStep {
  migration: PlainMigration;
  /** Statements that an interrupted run left in. */
  done: number;
}

export interface DownStep {
  name: string;
  down: PlainDirection;
}

const refuse = (what: string, hint: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { what, hint },
});

/** A migration by its name, or by the number at its beginning: `3` is `0003_rides`. */
const find = <T extends { name: string }>(list: T[], wanted: string): T | undefined =>
  list.find(({ name }) => name === wanted) ??
  (/^\d+$/.test(wanted)
    ? list.find(({ name }) => Number(/^\d+/.exec(name)?.[0] ?? Number.NaN) === Number(wanted))
    : undefined);

const listed = (names: string[]): string => names.join(", ");

/** What `up` runs, in order. Pure. */
export const planUp = (
  migrations: PlainMigration[],
  applied: AppliedMigration[],
  to: string | null,
): Plan<UpStep> => {
  const rows = new Map(applied.map((row) => [row.name, row]));
  const edited = migrations.filter(({ name, checksum }) => {
    const row = rows.get(name);
    return row !== undefined && row.checksum !== checksum;
  });
  if (edited.length > 0)
    return refuse(
      `${listed(edited.map(({ up }) => up.file))} was edited after it was applied.`,
      "put the file back as it was, and write the change as a new migration",
    );
  const last = to === null ? migrations.at(-1) : find(migrations, to);
  if (to !== null && last === undefined)
    return refuse(
      `${to} is not a migration of this folder.`,
      "its migrations: ls, or switchback-migrate status",
    );
  const pending = migrations.filter(({ name }) => rows.get(name)?.statements !== null);
  const wanted = pending.filter(({ name }) => last !== undefined && name <= last.name);
  const newest = applied.filter(({ statements }) => statements === null).at(-1)?.name ?? "";
  const late = wanted.filter(({ name }) => name < newest && !rows.has(name));
  if (late.length > 0)
    return refuse(
      `${listed(late.map(({ name }) => name))} comes before ${newest}, which is applied already.`,
      "give it a later number: migrations run in the order of their names",
    );
  return {
    ok: true,
    steps: wanted.map((migration) => ({ migration, done: rows.get(migration.name)?.statements ?? 0 })),
  };
};

/** What `down` runs, newest first; nothing is undone when one of them cannot be. `to` is kept; empty: none. Pure. */
export const planDown = (
  migrations: PlainMigration[],
  applied: AppliedMigration[],
  to: string,
): Plan<DownStep> => {
  const keep = to === "" ? undefined : find(applied, to);
  if (to !== "" && keep === undefined)
    return refuse(`${to} is not applied.`, "what is: switchback-migrate status");
  const from = keep === undefined ? 0 : applied.indexOf(keep) + 1;
  const steps: DownStep[] = [];
  for (const { name, statements } of applied.slice(from).reverse()) {
    const migration = migrations.find((one) => one.name === name);
    if (statements !== null)
      return refuse(
        `${name} was interrupted after ${statements} of its statements.`,
        "finish it with: switchback-migrate up",
      );
    if (migration === undefined)
      return refuse(
        `${name} is applied, and this folder does not have it.`,
        "run the release that brought it: only that one knows its way back",
      );
    if (migration.down === null)
      return refuse(
        `${name} has no way back.`,
        "write one below a line `-- down`, or undo it by a new migration",
      );
    steps.push({ name, down: migration.down });
  }
  return { ok: true, steps };
};
