import type { Parser } from "./statements.ts";

/** PostgreSQL's own parser, some 30 ms. Loaded only when a relay needs it. */
export const loadParser = async (): Promise<Parser> => {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return (text) => parseSync(text) as unknown as ReturnType<Parser>;
};
