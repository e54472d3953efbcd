interface DatabaseError extends Error {
  code: string;
  constraint?: string;
}

/** Whether PostgreSQL answered with this SQLSTATE (and, if given, because of this constraint). */
export const isDatabaseError = (
  error: unknown,
  sqlState: string,
  constraint?: string,
): error is DatabaseError =>
  error instanceof Error &&
  "code" in error &&
  error.code === sqlState &&
  (constraint === undefined || ("constraint" in error && error.constraint === constraint));

const uniqueViolation = "23505";

export const violatesUnique = (error: unknown, constraint: string): boolean =>
  isDatabaseError(error, uniqueViolation, constraint);

/** Raised by the trigger rides_state_machine. */
export const isIllegalTransition = (error: unknown): error is DatabaseError =>
  isDatabaseError(error, "RS001");

// Socket errors, and the SQLSTATE classes for connection loss, shutdown and too many connections.
const unreachable = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|57P0|53300)/;

/** Whether the database could not be asked at all: worth a 503 and a retry, not a bug. */
export const isUnreachable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string") return unreachable.test(error.code);
  return /timeout exceeded when trying to connect|Connection terminated|Query read timeout/.test(
    error.message,
  );
};
