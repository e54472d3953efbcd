import type { AppConfig } from "./app-config.ts";

/** Gives an editor the settings' names, types and meaning. Returns what it was given; it is checked when it is loaded. */
export const defineApp = (config: AppConfig): AppConfig => config;
