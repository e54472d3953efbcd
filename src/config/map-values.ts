import type { Values } from "./app-config.ts";

export const mapValues = <T, R>(members: Record<string, T>, map: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(members).map(([key, value]) => [key, map(value)]));

/** Variables are text in the end. */
export const texts = (values: Values | undefined): Record<string, string> => mapValues(values ?? {}, String);
