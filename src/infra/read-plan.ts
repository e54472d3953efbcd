import { AppError } from "../domain/errors.ts";
import { attributeChanges } from "./attribute-changes.ts";
import { fieldsIn, listIn, textIn, type Fields } from "./plain-json.ts";
import type { ChangeAction, InfraPlan, ResourceChange } from "./plan-change.ts";

/**
 * Reads what `terraform show -json` prints of a saved plan, format 1.x. Nothing is trusted: what a rule would have to
 * guess about is refused with INFRA_PLAN_UNREADABLE, so no change is ever missed for being written in another way.
 */
export const readPlan = (json: unknown): InfraPlan => {
  const plan = fieldsIn(json);
  if (plan === null) throw unreadable("it is no JSON object");
  const formatVersion = textIn(plan["format_version"]);
  if (formatVersion === null || !/^1\.\d+$/.test(formatVersion))
    throw unreadable(`its format is ${formatVersion ?? "not told"}, and this version reads 1.x`);
  if (plan["resource_changes"] !== undefined && !Array.isArray(plan["resource_changes"]))
    throw unreadable("its resource_changes are no list");
  return {
    formatVersion,
    terraformVersion: textIn(plan["terraform_version"]) ?? "unknown",
    changes: listIn(plan["resource_changes"])
      .map(readChange)
      .filter(({ action }) => action !== "nothing")
      .sort(byAddress),
    drift: listIn(plan["resource_drift"])
      .map(readChange)
      .filter(({ action }) => action !== "nothing")
      .sort(byAddress),
    outputs: Object.entries(fieldsIn(plan["output_changes"]) ?? {})
      .filter(([, change]) => !isNoOp(listIn(fieldsIn(change)?.["actions"])))
      .map(([name]) => name)
      .sort(),
    complete: plan["complete"] !== false && plan["errored"] !== true,
  };
};

const byAddress = (a: ResourceChange, b: ResourceChange): number =>
  a.address < b.address ? -1 : a.address > b.address ? 1 : 0;

const unreadable = (why: string): AppError =>
  new AppError("INFRA_PLAN_UNREADABLE", `Terraform's plan cannot be read: ${why}.`, {
    hint: "use a Terraform or OpenTofu that this version knows: docs/infra.md",
  });

const readChange = (entry: unknown): ResourceChange => {
  const resource = fieldsIn(entry);
  const address = textIn(resource?.["address"]);
  const change = fieldsIn(resource?.["change"]);
  if (resource === null || address === null || address === "" || change === null)
    throw unreadable("a change in it has no address, or does not say what it is");
  const type = textIn(resource["type"]) ?? typeIn(address);
  const movedFrom = textIn(resource["previous_address"]);
  const importing = importOf(change);
  const actions = listIn(change["actions"]).map(String);
  const module = moduleOf(resource, address);
  const { action, order } = actionOf(actions, {
    address,
    moved: movedFrom !== null,
    importing: importing !== null,
  });
  const before = fieldsIn(change["before"]);
  const after = fieldsIn(change["after"]);
  return {
    address,
    module,
    type,
    local: module === "" ? address : address.slice(module.length + 1),
    mode: resource["mode"] === "data" ? "data" : "managed",
    action,
    movedFrom,
    importing,
    order,
    reason: textIn(resource["action_reason"]),
    attributes: action === "update" || action === "replace" ? attributesOf(change) : [],
    resourceName: nameOf(before) ?? (action === "create" ? nameOf(after) : null),
    before,
    after,
  };
};

const attributesOf = (change: Fields) =>
  attributeChanges(
    {
      before: change["before"],
      after: change["after"],
      afterUnknown: change["after_unknown"],
      beforeSensitive: change["before_sensitive"],
      afterSensitive: change["after_sensitive"],
    },
    listIn(change["replace_paths"]),
  );

const importOf = (change: Fields): string | null => {
  const importing = fieldsIn(change["importing"]);
  return importing === null ? null : (textIn(importing["id"]) ?? "(known after apply)");
};

const isNoOp = (actions: readonly unknown[]): boolean => actions.length === 0 || actions[0] === "no-op";

const actionOf = (
  actions: string[],
  { address, moved, importing }: { address: string; moved: boolean; importing: boolean },
): { action: ChangeAction; order: ResourceChange["order"] } => {
  const alone = (action: ChangeAction) => ({ action, order: null });
  switch (actions.join()) {
    case "no-op":
      return alone(importing ? "import" : moved ? "move" : "nothing");
    case "create":
      return alone("create");
    case "read":
      return alone("read");
    case "update":
      return alone("update");
    case "delete":
      return alone("destroy");
    case "forget":
      return alone("forget");
    case "delete,create":
      return { action: "replace", order: "destroy first" };
    case "create,delete":
      return { action: "replace", order: "create first" };
    // The old one stays, no longer managed, and a new one is made.
    case "create,forget":
    case "forget,create":
      return alone("create");
    default:
      throw unreadable(`it wants to "${actions.join(", ")}" ${address}, which this version does not know`);
  }
};

const moduleOf = (resource: Fields, address: string): string => {
  const told = textIn(resource["module_address"]) ?? "";
  return told !== "" && address.startsWith(`${told}.`) ? told : "";
};

const typeIn = (address: string): string => address.split(".").at(-2) ?? address;

const NAMES = [
  "identifier",
  "bucket",
  "cluster_identifier",
  "replication_group_id",
  "cluster_id",
  "family",
  "name",
  "domain_name",
  "key_id",
  "id",
];

const nameOf = (values: Fields | null): string | null => {
  for (const key of NAMES) {
    const name = textIn(values?.[key]);
    if (name !== null && name !== "") return name;
  }
  return null;
};
