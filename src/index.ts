export { defineApp } from "./config/define-app.ts";
export type * from "./config/app-config.ts";
export { jsonSchema } from "./config/json-schema.ts";
export type { Problem } from "./config/problem.ts";
export type { AppDefinition } from "./domain/app-definition.ts";
export type { ErrorCode } from "./domain/error-codes.ts";
export { AppError } from "./domain/errors.ts";
