import type { PlannedResource } from "./planned-resource.ts";
import type { Json, JsonObject } from "./terraform-plan.ts";
import { hasUnknown, known, valueAt } from "./value-at.ts";
import type { World } from "./world.ts";

export interface Condition {
  test: string;
  variable: string;
  values: string[];
}

export interface Statement {
  effect: string;
  actions: string[];
  notActions: string[];
  /** One that is known only after the apply is null: the ARN of something in this plan. */
  resources: (string | null)[];
  notResources: (string | null)[];
  principals: { type: string; identifiers: (string | null)[] }[];
  notPrincipals: boolean;
  conditions: Condition[];
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: Json | undefined): Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
const texts = (value: Json | undefined): string[] => list(value).map(String);
const textsOrNull = (value: Json | undefined): (string | null)[] =>
  list(value).map((member) => (member === null ? null : String(member)));

const statementOfJson = (statement: JsonObject): Statement => ({
  effect: String(statement["Effect"]),
  actions: texts(statement["Action"]),
  notActions: texts(statement["NotAction"]),
  resources: textsOrNull(statement["Resource"]),
  notResources: textsOrNull(statement["NotResource"]),
  principals: isObject(statement["Principal"])
    ? Object.entries(statement["Principal"]).map(([type, ids]) => ({ type, identifiers: textsOrNull(ids) }))
    : texts(statement["Principal"]).map((id) => ({ type: id === "*" ? "*" : "AWS", identifiers: [id] })),
  notPrincipals: statement["NotPrincipal"] !== undefined,
  conditions: Object.entries(isObject(statement["Condition"]) ? statement["Condition"] : {}).flatMap(
    ([test, variables]) =>
      Object.entries(isObject(variables) ? variables : {}).map(([variable, values]) => ({
        ...{ test, variable, values: texts(values) },
      })),
  ),
});

const statementOfData = (statement: JsonObject, unknown: JsonObject): Statement => ({
  effect: String(statement["effect"] ?? "Allow"),
  actions: texts(statement["actions"]),
  notActions: texts(statement["not_actions"]),
  // A set whose members are not known yet has none in the plan; it is not the same as having none.
  resources: hasUnknown(unknown["resources"])
    ? [...textsOrNull(statement["resources"]), null]
    : textsOrNull(statement["resources"]),
  notResources: textsOrNull(statement["not_resources"]),
  principals: list(statement["principals"]).flatMap((principal) =>
    isObject(principal)
      ? [{ type: String(principal["type"]), identifiers: textsOrNull(principal["identifiers"]) }]
      : [],
  ),
  notPrincipals: list(statement["not_principals"]).length > 0,
  conditions: list(statement["condition"]).flatMap((condition) =>
    isObject(condition)
      ? [
          {
            test: String(condition["test"]),
            variable: String(condition["variable"]),
            values: texts(condition["values"]),
          },
        ]
      : [],
  ),
});

const parse = (text: string): Statement[] | null => {
  try {
    const document = JSON.parse(text) as Json;
    return isObject(document)
      ? list(document["Statement"]).flatMap((one) => (isObject(one) ? [statementOfJson(one)] : []))
      : null;
  } catch {
    return null;
  }
};

const ofData = (data: PlannedResource): Statement[] | null => {
  const json = known(data, "json");
  if (typeof json === "string") return parse(json);
  if (
    ["source_policy_documents", "override_policy_documents"].some(
      (name) => valueAt(data, name).state !== "absent",
    )
  ) {
    return null;
  }
  const unknown = isObject(data.unknown) ? list(data.unknown["statement"]) : [];
  return list(data.values["statement"]).flatMap((statement, at) => {
    const shape = unknown[at];
    return isObject(statement) ? [statementOfData(statement, isObject(shape) ? shape : {})] : [];
  });
};

/**
 * The statements of a policy, from its text or, where an ARN in it is known only after the apply, from the data
 * source that makes it. Null: the plan does not show them. None where there is no policy.
 */
export const statementsOf = (resource: PlannedResource, path: string, world: World): Statement[] | null => {
  const value = valueAt(resource, path);
  if (value.state === "absent") return [];
  if (value.state === "known") return typeof value.value === "string" ? parse(value.value) : null;
  const data = world.linked(resource, path)?.find(({ type }) => type === "aws_iam_policy_document");
  return data === undefined ? null : ofData(data);
};

export const isAllow = ({ effect }: Statement): boolean => effect === "Allow";
export const isEveryone = (identifiers: (string | null)[]): boolean => identifiers.includes("*");
export const conditionOn = (statement: Statement, variable: string): Condition[] =>
  statement.conditions.filter((condition) => condition.variable.toLowerCase() === variable.toLowerCase());
