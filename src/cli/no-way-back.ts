import { AppError } from "../domain/errors.ts";

/** The reason that a person gives for going on without a proved way back; null: none was given. Throws USAGE for an empty one. */
export const noWayBackIn = ({ noWayBack }: { noWayBack?: string }): string | null => {
  if (noWayBack?.trim() === "")
    throw new AppError("USAGE", "--no-way-back wants a reason: it is kept in the log.");
  return noWayBack ?? null;
};
