import type { AppConfig, EnvironmentConfig, ServiceConfig, SiteConfig } from "../app-config.ts";
import { docsAt, formatPath, type Path, type Problem } from "../problem.ts";

type Loose<T> = { [K in keyof T]?: T[K] | undefined };

/**
 * A configuration without the places whose shape is wrong: all that is there is well-formed, but anything may be missing.
 * The names count everything that was written, so that a reference to a broken service is not reported as well.
 */
export interface Draft {
  config: Loose<AppConfig>;
  /** The places that were taken out. */
  wrong: readonly Path[];
  /** Null where the names cannot be known. */
  names: { services: string[] | null; sites: string[] | null; environments: string[] | null };
}

/** Whether a member of the object at `path` was taken out: what is absent there may only be misspelt. */
export const isIncomplete = ({ wrong }: Draft, path: Path): boolean =>
  wrong.some((at) => at.length === path.length + 1 && path.every((key, index) => at[index] === key));

export type Rule = (draft: Draft) => Problem[];

export const servicesOf = ({ config }: Draft): [string, Loose<ServiceConfig>][] =>
  Object.entries(config.services ?? {});
export const sitesOf = ({ config }: Draft): [string, Loose<SiteConfig>][] =>
  Object.entries(config.sites ?? {});
export const environmentsOf = ({ config }: Draft): [string, EnvironmentConfig][] =>
  Object.entries(config.environments ?? {});

export interface RuleProblem {
  path: Path;
  found: string;
  message: string;
  anchor: string;
  allowed?: string[] | undefined;
  didYouMean?: string | null | undefined;
}

export const problem = ({ path, found, message, anchor, allowed, didYouMean }: RuleProblem): Problem => ({
  path: formatPath(path),
  found,
  message,
  ...(allowed === undefined ? {} : { allowed }),
  ...(didYouMean === undefined || didYouMean === null ? {} : { didYouMean }),
  docs: docsAt(anchor),
});
