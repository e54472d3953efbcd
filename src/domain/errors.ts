import { ERROR_CODES, EXIT_CODES, type ErrorCode, type ErrorKind } from "./error-codes.ts";
import { machineFaultOf } from "./machine-fault.ts";

export interface AppErrorOptions {
  /** What to do next, best as a command. */
  hint?: string;
  /** Facts for the reader and for `--json`; never a secret. `lines` holds last log lines. */
  context?: Record<string, unknown>;
  cause?: unknown;
}

export interface AppErrorJson {
  code: ErrorCode;
  message: string;
  hint?: string;
  context?: Record<string, unknown>;
}

/** An error that a person can act on. Matched on `code` only; survives a JSON round trip. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly context: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.context = options.context ?? {};
  }

  get kind(): ErrorKind {
    return ERROR_CODES[this.code].kind;
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind];
  }

  toJSON(): AppErrorJson {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(Object.keys(this.context).length === 0 ? {} : { context: this.context }),
    };
  }

  static fromJSON(json: AppErrorJson): AppError {
    const code = json.code in ERROR_CODES ? json.code : "BUG";
    return new AppError(code, json.message, {
      ...(json.hint === undefined ? {} : { hint: json.hint }),
      ...(json.context === undefined ? {} : { context: json.context }),
    });
  }
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);

/** A fault of the machine as STORE_UNWRITABLE, with what to do about it; null for everything else. */
export const machineError = (error: unknown, path?: string): AppError | null => {
  const fault = error instanceof AppError ? null : machineFaultOf(error);
  if (fault === null) return null;
  const where = path ?? fault.path;
  return new AppError("STORE_UNWRITABLE", `${where ?? "A file"} cannot be used: ${fault.what}.`, {
    hint: fault.hint,
    context: { ...(where === null ? {} : { path: where }), errno: fault.errno },
    cause: error,
  });
};

/** Anything thrown, as an AppError. What is neither one already nor a fault of the machine is a bug, with its cause kept. */
export const toAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : (machineError(error) ??
      new AppError("BUG", error instanceof Error ? error.message : String(error), { cause: error }));
