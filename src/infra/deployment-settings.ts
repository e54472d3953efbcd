import type { EnvironmentDefinition, SmokeCheck, Strategy } from "../domain/app-definition.ts";
import { settingsIn, type Setting, type SettingValue } from "./setting.ts";
import { durationText, percentText } from "./setting-text.ts";

/** How a release gets to an environment, and what must hold there. */
export const deploymentSettings = (environment: EnvironmentDefinition): Setting[] => {
  const { gates, smoke, approval, freeze } = environment;
  return [
    ...settingsIn("deployment", "strategy", strategySettings(environment.strategy)),
    ...settingsIn("deployment", "gates", {
      maxErrorRate: gates.maxErrorRate === null ? null : percentText(gates.maxErrorRate),
      maxP95: gates.maxP95Ms === null ? null : durationText(gates.maxP95Ms),
      minRequests: gates.minRequests,
    }),
    ...settingsIn("deployment", "watch", {
      bake: durationText(environment.bakeMs),
      smoke: list(smoke.map(smokeText)),
      warm: durationText(environment.warmMs),
    }),
    ...settingsIn("deployment", "who and when", {
      branch: environment.branch,
      promotesFrom: environment.promotesFrom,
      approval: approval.required,
      "approval.by": list(approval.by),
      freeze: list(freeze.map(({ from, to, reason }) => `${from} to ${to}: ${reason}`)),
    }),
  ];
};

const list = (items: string[]): string | null => (items.length === 0 ? null : items.join(", "));

const smokeText = ({ path, status, contains }: SmokeCheck): string =>
  [
    path,
    ...(status === 200 ? [] : [`with ${status}`]),
    ...(contains === null ? [] : [`with ${JSON.stringify(contains)}`]),
  ].join(" ");

const strategySettings = (strategy: Strategy): Record<string, SettingValue> => {
  switch (strategy.type) {
    case "rolling":
      return { type: strategy.type, batch: strategy.batch };
    case "blue-green":
      return { type: strategy.type };
    case "canary":
      return {
        type: strategy.type,
        percents: strategy.percents.join(", "),
        bake: durationText(strategy.bakeMs),
      };
    case "linear":
      return {
        type: strategy.type,
        stepPercent: strategy.stepPercent,
        bake: durationText(strategy.bakeMs),
      };
  }
};
