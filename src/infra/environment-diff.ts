import type { AppDefinition, EnvironmentDefinition } from "../domain/app-definition.ts";
import { AppError } from "../domain/errors.ts";
import { commonOf, settingsOf } from "./environment-settings.ts";
import type { Setting, SettingValue } from "./setting.ts";

/** One setting that the two have differently; null: it is not there. */
export interface SettingDiff {
  group: string;
  name: string;
  values: [SettingValue, SettingValue];
}

/** How two environments differ. Equal shapes have the same parts, whatever their sizes. */
export interface EnvironmentDiff {
  environments: [string, string];
  /** Parts that one has and the other has not, or has of another kind. */
  shape: SettingDiff[];
  /** The same parts, with other numbers. */
  size: SettingDiff[];
  /** How a release gets there: strategy, gates, approval. */
  deployment: SettingDiff[];
}

/** Compares what the configuration says of two environments. Pure. Throws ENVIRONMENT_UNKNOWN. */
export const diffEnvironments = (app: AppDefinition, [first, second]: [string, string]): EnvironmentDiff => {
  const [one, other] = [definitionOf(app, first), definitionOf(app, second)];
  const common = commonOf(one, other);
  const differing = differencesOf(settingsOf(app, one, common), settingsOf(app, other, common));
  const of = (kind: Setting["kind"]): SettingDiff[] =>
    differing.filter((one) => one.kind === kind).map(({ group, name, values }) => ({ group, name, values }));
  return {
    environments: [first, second],
    shape: of("shape"),
    size: of("size"),
    deployment: of("deployment"),
  };
};

const definitionOf = (app: AppDefinition, name: string): EnvironmentDefinition => {
  const environment = Object.hasOwn(app.environments, name) ? app.environments[name] : undefined;
  if (environment !== undefined) return environment;
  const allowed = Object.keys(app.environments);
  throw new AppError("ENVIRONMENT_UNKNOWN", `${app.name} has no environment "${name}".`, {
    hint: `the environments are: ${allowed.join(", ")}`,
    context: { environment: name, allowed },
  });
};

/** In the order of the first; what only the second has comes at the end of its group. */
const differencesOf = (a: Setting[], b: Setting[]): (SettingDiff & Pick<Setting, "kind">)[] => {
  const keyOf = ({ group, name }: Setting): string => JSON.stringify([group, name]);
  const [before, after] = [a, b].map((list) => new Map(list.map((one) => [keyOf(one), one])));
  const keys = [...new Set([...a, ...b].map(keyOf))];
  const groups = [...new Set([...a, ...b].map(({ group }) => group))];
  return keys
    .flatMap((key) => {
      const [one, other] = [before!.get(key), after!.get(key)];
      const values: [SettingValue, SettingValue] = [one?.value ?? null, other?.value ?? null];
      const { kind, group, name } = (one ?? other)!;
      return JSON.stringify(values[0]) === JSON.stringify(values[1]) ? [] : [{ kind, group, name, values }];
    })
    .sort((x, y) => groups.indexOf(x.group) - groups.indexOf(y.group));
};
