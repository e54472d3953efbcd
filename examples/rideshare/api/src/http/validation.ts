import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";

/**
 * Checks input against TypeBox schemas. Query strings and paths are text, so there numbers are converted and
 * defaults filled in first; a body is taken as it is.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  return (input: unknown) => {
    const value = httpPart === "body" ? input : Value.Convert(schema, Value.Default(schema, input));
    if (compiled.Check(value)) return { value };
    const [first] = compiled.Errors(value);
    const where = [httpPart, ...(first?.instancePath ?? "").split("/").filter(Boolean)].join(".");
    return { error: new Error(`${where} ${first?.message ?? "is not valid"}`) };
  };
};
