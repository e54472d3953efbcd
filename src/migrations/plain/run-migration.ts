import pg from "pg";
import { count } from "../../domain/count.ts";
import type { AppliedMigration } from "./plan.ts";
import type { PlainDirection } from "./plain-migration.ts";
import { forgetApplied, writeApplied } from "./bookkeeping.ts";

/** A statement of a migration that the server refused. The message names the file and the line. */
export class MigrationFailed extends Error {
  override readonly name = "MigrationFailed";
}

/** The statements of a text, each with its line in the text, from 1. Throws for a text that is no SQL. */
export type SplitSql = (text: string) => Promise<{ text: string; line: number }[]>;

interface Running {
  client: pg.Client;
  splitSql: SplitSql;
}

/**
 * Runs a migration. All of it and its bookkeeping are in or nothing is; without a transaction each statement is recorded
 * after it ran, so that the next run goes on behind it. A kill between the two leads to that statement being run twice.
 */
export const applyMigration = async (
  up: PlainDirection,
  row: Pick<AppliedMigration, "name" | "checksum">,
  { client, splitSql, done }: Running & { done: number },
): Promise<void> => {
  if (up.transaction) {
    await inTransaction(client, up, () => writeApplied(client, { ...row, statements: null }));
    return;
  }
  const statements = await splitSql(up.text);
  for (const [index, { text, line }] of statements.entries()) {
    if (index < done) continue;
    await runStatement(client, up, { text, line, left: index });
    const all = index + 1 === statements.length;
    await writeApplied(client, { ...row, statements: all ? null : index + 1 });
  }
  if (statements.length <= done) await writeApplied(client, { ...row, statements: null });
};

/** Takes a migration back, as `applyMigration` applies it; without a transaction it is forgotten at the end. */
export const undoMigration = async (
  name: string,
  down: PlainDirection,
  { client, splitSql }: Running,
): Promise<void> => {
  if (down.transaction) {
    await inTransaction(client, down, () => forgetApplied(client, name));
    return;
  }
  for (const [left, { text, line }] of (await splitSql(down.text)).entries())
    await runStatement(client, down, { text, line, left });
  await forgetApplied(client, name);
};

const inTransaction = async (
  client: pg.Client,
  direction: PlainDirection,
  record: () => Promise<void>,
): Promise<void> => {
  await client.query("begin");
  try {
    if (direction.text.trim() !== "") await client.query(direction.text);
    await record();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {}); // the first error is what counts, also when the connection is gone
    throw failure(error, direction, { text: direction.text, line: 1 }, "Nothing of it is in.");
  }
};

const runStatement = async (
  client: pg.Client,
  direction: PlainDirection,
  { text, line, left }: { text: string; line: number; left: number },
): Promise<void> => {
  try {
    await client.query(text);
  } catch (error) {
    const state = left === 0 ? "Nothing of it is in." : `In before it: ${count(left, "statement")}.`;
    throw failure(error, direction, { text, line }, state);
  }
};

const failure = (
  error: unknown,
  direction: PlainDirection,
  statement: { text: string; line: number },
  state: string,
): MigrationFailed => {
  const { message, detail, position, code } = error as pg.DatabaseError;
  const before = statement.text.slice(0, Math.max(0, Number(position ?? 1) - 1));
  const line = direction.line + statement.line - 1 + before.split("\n").length - 1;
  const where =
    position === undefined && direction.transaction ? direction.file : `${direction.file}:${line}`;
  const words = [message, detail, code === undefined ? undefined : `(SQLSTATE ${code})`];
  return new MigrationFailed(`${where}: ${words.filter((word) => word).join(" ")} ${state}`, {
    cause: error,
  });
};
