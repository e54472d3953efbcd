import type { PlannedResource } from "./planned-resource.ts";
import type { Json, JsonObject } from "./terraform-plan.ts";

/** What the plan says about an attribute. */
export type Value = { state: "known"; value: Json } | { state: "unknown" } | { state: "absent" };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const step = (value: Json | undefined, key: string): Json | undefined => {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

/** True where a value, or a part of it, is known only after the apply. */
export const hasUnknown = (unknown: Json | undefined): boolean =>
  unknown === true ||
  (Array.isArray(unknown) && unknown.some(hasUnknown)) ||
  (isObject(unknown) && Object.values(unknown).some(hasUnknown));

/** The value at `rule.0.sse_algorithm`. Null counts as absent, as it does in Terraform. */
export const valueAt = (resource: PlannedResource, path: string): Value => {
  let value: Json | undefined = resource.values;
  let unknown: Json | undefined = resource.unknown;
  for (const key of path.split(".")) {
    if (unknown === true) return { state: "unknown" };
    value = step(value, key);
    unknown = step(unknown, key);
  }
  if (unknown === true) return { state: "unknown" };
  return value === undefined || value === null ? { state: "absent" } : { state: "known", value };
};

/** The known value, or null. */
export const known = (resource: PlannedResource, path: string): Json => {
  const found = valueAt(resource, path);
  return found.state === "known" ? found.value : null;
};

/** How many blocks or members there are; null: the plan does not know. */
export const countAt = (resource: PlannedResource, path: string): number | null => {
  const found = valueAt(resource, path);
  if (found.state === "unknown") return null;
  return found.state === "known" && Array.isArray(found.value) ? found.value.length : 0;
};

/** A value for a person: short, and never a sensitive one. */
export const shown = (resource: PlannedResource, path: string): string => {
  let sensitive: Json | undefined = resource.sensitive;
  for (const key of path.split(".")) sensitive = sensitive === true ? true : step(sensitive, key);
  if (hasUnknown(sensitive)) return "(sensitive)";
  const found = valueAt(resource, path);
  if (found.state === "unknown") return "known after apply";
  if (found.state === "absent") return "not set";
  const text = typeof found.value === "string" ? found.value : JSON.stringify(found.value);
  return text === "" ? '""' : text.length > 120 ? `${text.slice(0, 119)}…` : text;
};
