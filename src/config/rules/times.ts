import { describeValue, type Problem } from "../problem.ts";
import { environmentsOf, isIncomplete, problem, servicesOf, type Rule } from "./draft.ts";

/** A freeze window ends after it begins. */
export const freezeWindows: Rule = (draft) =>
  environmentsOf(draft).flatMap(([name, { freeze }]) =>
    (freeze ?? []).flatMap((window, index): Problem[] => {
      if (window.from === undefined || window.to === undefined) return [];
      if (Date.parse(window.from) < Date.parse(window.to)) return [];
      const path = ["environments", name, "freeze", index, "to"];
      const message = `is not after from, which is ${describeValue(window.from)}`;
      return [problem({ path, found: describeValue(window.to), message, anchor: "freeze" })];
    }),
  );

/** A canary's share only grows. */
export const canaryPercents: Rule = (draft) =>
  environmentsOf(draft).flatMap(([name, { strategy }]): Problem[] => {
    if (typeof strategy !== "object" || strategy.type !== "canary") return [];
    const percents = strategy.percents ?? [];
    const index = percents.findIndex((percent, at) => at > 0 && percent <= (percents[at - 1] ?? 0));
    if (index < 0) return [];
    const path = ["environments", name, "strategy", "percents", index];
    const message = `must be more than the ${percents[index - 1]} before it`;
    return [problem({ path, found: String(percents[index]), message, anchor: "canary" })];
  });

/** A worker is asked nothing, so settings for the asking would be without effect. */
export const healthNeedsRoute: Rule = (draft) =>
  servicesOf(draft).flatMap(([name, { route, health }]): Problem[] => {
    if (route !== undefined || health?.path === undefined || isIncomplete(draft, ["services", name]))
      return [];
    const path = ["services", name, "health", "path"];
    const message = "needs a route: without one the service is a worker, and is asked nothing";
    return [problem({ path, found: describeValue(health.path), message, anchor: "health" })];
  });
