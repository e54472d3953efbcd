import { ERROR_CODES, EXIT_CODES, type ErrorCode, type ErrorKind } from "./error-codes.ts";

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

/** Anything thrown, as an AppError: what is not one already is a bug, with its cause kept. */
export const toAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError("BUG", error instanceof Error ? error.message : String(error), { cause: error });
