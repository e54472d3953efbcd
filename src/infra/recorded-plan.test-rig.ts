import { readFileSync } from "node:fs";

/** What terraform and the AWS provider printed: test/recorded-plans. */
export const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../test/recorded-plans/${name}.json`, import.meta.url), "utf8"));

/** An entry of `resource_changes`. */
export const entry = (
  address: string,
  change: { actions: string[]; before?: unknown; after?: unknown; [more: string]: unknown },
): Record<string, unknown> => {
  const module = /^((?:module\.[^.]+\.)+)/.exec(address)?.[1]?.slice(0, -1);
  const local = module === undefined ? address : address.slice(module.length + 1);
  return {
    address,
    ...(module === undefined ? {} : { module_address: module }),
    mode: "managed",
    type: local.split(".")[0],
    change: { before: null, after: null, after_unknown: {}, ...change },
  };
};

export const planOf = (...changes: unknown[]): unknown => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  resource_changes: changes,
});
