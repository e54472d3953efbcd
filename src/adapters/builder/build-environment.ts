import type { Env } from "./git.ts";

const INHERITED = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TERM|TMPDIR|CI)$/,
  /^(NODE|COREPACK|PNPM|YARN|XDG)_/,
  /^npm_config_/i,
  /^(https?|no|all)_proxy$/i,
  /^SSL_CERT_(FILE|DIR)$/,
];

/**
 * The environment of build commands: what tools need to find themselves, registries and proxies, and nothing else: no secret of
 * a deployment and no setting that would make one machine's artefact another's.
 */
export const buildEnvironment = (env: Env): Env => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => INHERITED.some((rule) => rule.test(name)))),
  NODE_ENV: "production",
  // https://reproducible-builds.org/specs/source-date-epoch/
  SOURCE_DATE_EPOCH: "0",
});
