import { count } from "../../domain/count.ts";
import { AppError } from "../../domain/errors.ts";
import type { EffectContext, RowQuestion } from "../../ports/platform.ts";
import type { StepDeps } from "./step.ts";

/**
 * Looks into the live database, at this moment, for what a down would take with it. Throws DATA_WOULD_BE_LOST naming every
 * table and column with its rows.
 */
export const checkRows = async (
  questions: RowQuestion[],
  { platform }: Pick<StepDeps, "platform">,
  { signal }: Pick<EffectContext, "signal">,
): Promise<void> => {
  if (questions.length === 0) return;
  const counts = await platform.countRows(questions, { signal });
  const lost = questions.flatMap(({ table, column }, index) => {
    const rows = counts[index] ?? 0;
    return rows === 0
      ? []
      : [`${count(rows, column === null ? "row" : "value")} of ${nameOf({ table, column })}`];
  });
  if (lost.length === 0) return;
  throw new AppError("DATA_WOULD_BE_LOST", `Taking the schema back would lose ${lost.join(", ")}.`, {
    hint:
      "save what is needed first. By hand: switchback run ENVIRONMENT -- DOWN COMMAND; " +
      "in a rollback: switchback rollback ENVIRONMENT --accept-data-loss",
    context: { lost },
  });
};

const nameOf = ({ table, column }: RowQuestion): string => (column === null ? table : `${table}.${column}`);
