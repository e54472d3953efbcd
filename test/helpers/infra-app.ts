import { parseApp } from "../../src/config/parse-app.ts";
import { fullConfig } from "../../src/config/testbed.ts";
import type { AppDefinition } from "../../src/domain/app-definition.ts";

export const definitionOf = (config: unknown): AppDefinition =>
  parseApp(config, { file: "switchback.config.ts" });

/** Every setting there is; staging uses what is there already, production is made. */
export const fullApp = (): AppDefinition => definitionOf(fullConfig());
