import { NO_EFFECT, worse, type Effect } from "./effect.ts";
import type { ResourceChange } from "./plan-change.ts";
import { removalOf } from "./removal-effects.ts";
import { UPDATE_RULES, type UpdateRule } from "./update-effects.ts";

/** What one change costs whoever uses the app. Pure; a change that no table knows has an effect without a text. */
export const effectOf = (change: ResourceChange): Effect => {
  switch (change.action) {
    case "create":
    case "read":
    case "import":
    case "move":
    case "forget":
    case "nothing":
      return NO_EFFECT;
    case "update":
      return change.attributes
        .map(({ path }) => effectOfAttribute(change, path))
        .reduce(worse, { severity: "none", text: "" });
    case "replace":
      return removed(change);
    case "destroy":
      return removed(change);
  }
};

const removed = (change: ResourceChange): Effect => {
  const removal = removalOf(change.type, change.before);
  if (removal === null) return NO_EFFECT;
  const { kind, loss, replaced } = removal;
  if (kind === "data")
    return { severity: "loss", text: change.action === "replace" ? `${loss}; ${replaced}` : loss };
  if (change.action === "destroy") return { severity: kind === "traffic" ? "dropped" : "outage", text: loss };
  return change.order === "create first"
    ? {
        severity: "dropped",
        text: "the new one is made before the old one goes; connections to the old one are cut",
      }
    : { severity: kind === "traffic" ? "dropped" : "outage", text: replaced };
};

const effectOfAttribute = ({ type, after }: ResourceChange, path: string): Effect => {
  if (/^tags(_all)?\b/.test(path)) return { severity: "none", text: "" };
  const rules = Object.hasOwn(UPDATE_RULES, type) ? UPDATE_RULES[type]! : [];
  const rule = rules.find((one) => fits(one, path));
  if (rule === undefined) return { severity: "none", text: "" };
  return typeof rule.effect === "function" ? rule.effect(after ?? {}) : rule.effect;
};

const fits = ({ attributes }: UpdateRule, path: string): boolean =>
  attributes.length === 0 ||
  attributes.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
