import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError, type ErrorCode } from "../app-error.ts";
import { isUnreachable } from "../database/database-error.ts";
import { errorFields, type Log } from "../log.ts";

/** The one form in which a client sees an error. */
export const errorBody = (code: ErrorCode, message: string) => ({ error: { code, message } });

export const sendError = (reply: FastifyReply, error: AppError): FastifyReply =>
  reply.code(error.status).send(errorBody(error.code, error.message));

/** Answers every thrown error with a code. What a client could not have caused is logged, and told without detail. */
export const makeErrorHandler =
  (log: Log) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = toAppError(error);
    if (known.status >= 500) {
      log.error("A request failed", {
        method: request.method,
        route: request.routeOptions.url ?? null,
        requestId: request.id,
        ...errorFields(error),
      });
    }
    return sendError(reply, known);
  };

const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (isUnreachable(error)) {
    return new AppError("UNAVAILABLE", "The database is out of reach. Try again in a moment.");
  }
  const { statusCode, code, validation, message } = error as Partial<FastifyLikeError>;
  if (validation) return new AppError("BAD_INPUT", `${message}.`);
  // Fastify's own: malformed JSON, wrong content type, a body or a file that is too large.
  if (code?.startsWith("FST_") && statusCode !== undefined && statusCode < 500) {
    return new AppError(clientError(statusCode), message ?? "The request is not valid.");
  }
  return new AppError("INTERNAL", "Something went wrong on our side.");
};

interface FastifyLikeError {
  statusCode: number;
  code: string;
  validation: unknown;
  message: string;
}

const clientError = (status: number): ErrorCode => {
  if (status === 404) return "NOT_FOUND";
  if (status === 413) return "TOO_LARGE";
  if (status === 415 || status === 406) return "UNSUPPORTED_TYPE";
  return "BAD_INPUT";
};
