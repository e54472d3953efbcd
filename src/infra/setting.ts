export type SettingValue = string | number | boolean | null;

/** One thing that the configuration says of an environment, as a person would write it. */
export interface Setting {
  /** "shape": which parts there are. "size": how large. "deployment": how a release gets there. */
  kind: "shape" | "size" | "deployment";
  group: string;
  name: string;
  value: SettingValue;
}

/** The settings of one group, in the order in which they are shown. */
export const settingsIn = (
  kind: Setting["kind"],
  group: string,
  values: Record<string, SettingValue>,
): Setting[] => Object.entries(values).map(([name, value]) => ({ kind, group, name, value }));
