export type LogLevel = "info" | "warn" | "error";
export type LogFields = Record<string, unknown>;

/** Writes one JSON object a line. Callers pass no bodies, headers or tokens. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const makeLog = (write: (line: string) => void, base: LogFields = {}): Log => {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...base, ...fields })}\n`);
  return { info: at("info"), warn: at("warn"), error: at("error") };
};

/** What of an error may be logged: PostgreSQL's `detail` holds row values, so it stays out. */
export const errorFields = (error: unknown): LogFields =>
  error instanceof Error
    ? {
        error: error.message || error.name,
        ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
        stack: error.stack,
      }
    : { error: String(error) };
