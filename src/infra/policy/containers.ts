import type { PlannedResource } from "./planned-resource.ts";
import type { Json, JsonObject } from "./terraform-plan.ts";
import { known } from "./value-at.ts";

export interface Container {
  name: string;
  logDriver: string | null;
  isPrivileged: boolean;
  /** Names of the variables that are given in the clear. */
  variables: string[];
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value : []).filter(isObject);

const containerOf = (definition: JsonObject): Container => {
  const log = definition["logConfiguration"];
  return {
    name: String(definition["name"]),
    logDriver: isObject(log) && typeof log["logDriver"] === "string" ? log["logDriver"] : null,
    isPrivileged: definition["privileged"] === true,
    variables: list(definition["environment"]).map(({ name }) => String(name)),
  };
};

/** The containers of a task definition; null: they are known only after the apply. */
export const containersOf = (resource: PlannedResource): Container[] | null => {
  const text = known(resource, "container_definitions");
  if (typeof text !== "string") return null;
  try {
    return list(JSON.parse(text) as Json).map(containerOf);
  } catch {
    return null;
  }
};
