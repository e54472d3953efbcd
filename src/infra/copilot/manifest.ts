import { parse } from "yaml";
import { AppError } from "../../domain/errors.ts";
import type { CopilotFile } from "../../domain/copilot-file.ts";

type Yaml = string | number | boolean | null | Yaml[] | { [key: string]: Yaml };
type YamlObject = { [key: string]: Yaml };

/** What a manifest says about one environment, its overrides included. */
export interface Manifest {
  name: string;
  /** "Load Balanced Web Service", "Environment" … */
  type: string;
  values: YamlObject;
}

export const isObject = (value: Yaml | undefined): value is YamlObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at `http.healthcheck.path`; undefined where there is none. */
export const at = (value: Yaml | undefined, path: string): Yaml | undefined =>
  path
    .split(".")
    .reduce<Yaml | undefined>(
      (found, key) => (isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined),
      value,
    );

/** Objects are merged member by member; anything else, lists too, is replaced. */
const merged = (base: Yaml, over: Yaml): Yaml =>
  isObject(base) && isObject(over)
    ? Object.fromEntries(
        [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [
          key,
          over[key] === undefined
            ? base[key]!
            : base[key] === undefined
              ? over[key]
              : merged(base[key], over[key]),
        ]),
      )
    : over;

/** Null for a YAML file that is no manifest. Throws COPILOT_UNREADABLE for what is no YAML. */
export const readManifest = ({ path, text }: CopilotFile, environment: string): Manifest | null => {
  let value: Yaml;
  try {
    value = parse(text) as Yaml;
  } catch (error) {
    throw new AppError(
      "COPILOT_UNREADABLE",
      `${path} is not YAML: ${String((error as Error).message).split("\n")[0]}`,
      {
        context: { path },
        cause: error,
      },
    );
  }
  if (!isObject(value) || typeof value["name"] !== "string" || typeof value["type"] !== "string") return null;
  const { environments, ...base } = value;
  const over = at(environments, environment);
  return {
    name: value["name"],
    type: value["type"],
    values: (isObject(over) ? merged(base, over) : base) as YamlObject,
  };
};
