import { z } from "zod";
import { appSchema } from "./schema/app.ts";

/**
 * The shape of the configuration as JSON Schema (2020-12), with descriptions and defaults, for editors and for whoever
 * generates a configuration. What it refuses, `parseApp` refuses; the rules between settings are `parseApp`'s alone.
 */
export const jsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(appSchema, { io: "input" }),
  title: "Switchback configuration",
});
