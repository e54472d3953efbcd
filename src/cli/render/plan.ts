import type { Strategy } from "../../domain/app-definition.ts";
import type { Digest } from "../../domain/digest.ts";
import { PHASES, type Change, type Plan, type WayBack } from "../../domain/plan.ts";
import { shortReleaseId, type Source } from "../../domain/release.ts";
import { formatDuration } from "./duration.ts";
import { field } from "./field.ts";
import { padEnd } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { nextLines } from "./next-commands.ts";
import { sourceText } from "./source-text.ts";
import { clean, displayWidth } from "./text-width.ts";

export interface PlanShown {
  plan: Plan;
  wayBack: WayBack;
  source: Source | null;
  /** What serves now. */
  since: Digest | null;
  /** How many commits lie between; null: unknown. */
  commits?: number | null;
}

const LABEL_WIDTH = 11;

/** Shown before the first effect of a deployment: what changes, and the way back. */
export const renderPlanHead = (look: Look, shown: PlanShown): string[] => [
  ...header(look, shown),
  ...changeLines(look, shown.plan.changes),
  ...wayBackLines(look, shown.wayBack),
];

/** All that `switchback plan` knows, down to the steps. */
export const renderPlan = (look: Look, shown: PlanShown): string[] => [
  ...renderPlanHead(look, shown),
  "",
  ...stepLines(look, shown.plan),
  "",
  ...nextLines(look, [`switchback ${commandOf(shown.plan)}`], 0),
];

const commandOf = ({ action, environment, release }: Plan): string => {
  switch (action) {
    case "deploy":
      return `deploy ${environment}`;
    case "promote":
      return `promote ${environment}`;
    case "rollback":
      return `rollback ${environment} --to ${shortReleaseId(release)}`;
  }
};

const WORDS: Record<Plan["action"], string> = {
  deploy: "Release",
  rollback: "Roll back",
  promote: "Promote",
};

const header = (look: Look, { plan, source, since, commits }: PlanShown): string[] => {
  const { colours } = look;
  const from = source === null ? "" : sourceText(source);
  const id = colours.bold(shortReleaseId(plan.release));
  const items = [from === "" ? id : `${id}   ${from}`, sinceText(plan, since, commits ?? null)];
  const to = [plan.environment, strategyText(plan.strategy)];
  const options = { indent: 0, labelWidth: LABEL_WIDTH };
  return [
    ...field(
      look,
      WORDS[plan.action],
      items.filter((item) => item !== ""),
      options,
    ),
    ...field(look, "To", to, options),
  ];
};

const sinceText = (plan: Plan, since: Digest | null, commits: number | null): string => {
  if (since === null) return `first release of ${plan.environment}`;
  if (since === plan.release) return "serving already";
  const what = commits === null ? "changes" : `${commits} ${commits === 1 ? "commit" : "commits"}`;
  return `${what} since ${shortReleaseId(since)}`;
};

export const strategyText = (strategy: Strategy): string => {
  switch (strategy.type) {
    case "rolling":
      return `rolling, ${strategy.batch} at a time`;
    case "blue-green":
      return "blue-green";
    case "canary":
      return `canary ${strategy.percents.join(", ")} %, ${formatDuration(strategy.bakeMs)} each`;
    case "linear":
      return `linear, ${strategy.stepPercent} % every ${formatDuration(strategy.bakeMs)}`;
  }
};

const changeLines = (look: Look, changes: Change[]): string[] => {
  const nameWidth = Math.max(0, ...changes.map(({ name }) => displayWidth(name)));
  const labelWidth = Math.min(Math.max(nameWidth + 2, LABEL_WIDTH - 2), Math.floor(widthOf(look) / 2));
  return changes.flatMap((change) => {
    const text = `${padEnd(change.part, 9)} ${changeMark(look, change)}${clean(change.detail)}`;
    return field(look, clean(change.name), text.trimEnd(), { indent: 2, labelWidth });
  });
};

const changeMark = ({ colours }: Look, { change }: Change): string => {
  const word = padEnd(change, 11);
  switch (change) {
    case "added":
      return colours.green(word);
    case "changed":
      return colours.yellow(word);
    case "removed":
      return colours.red(word);
    case "unchanged":
      return colours.dim(word);
  }
};

const wayBackLines = (look: Look, wayBack: WayBack): string[] => {
  const parts = wayBack.parts
    .filter(({ how }) => how !== "unchanged")
    .map(({ name, how }) => clean(`${name}: ${how}`));
  const to = wayBack.release === null ? "stop it: nothing served before" : shortReleaseId(wayBack.release);
  return field(look, "Way back", [parts.length === 0 ? to : `${to}   ${parts[0]}`, ...parts.slice(1)], {
    indent: 0,
    labelWidth: LABEL_WIDTH,
  });
};

/** What each step is about in one column, and what it does in the next. */
const stepLines = (look: Look, plan: Plan): string[] => {
  const subjectWidth = Math.max(0, ...plan.steps.map(({ subject }) => displayWidth(clean(subject))));
  const options = { indent: 2, labelWidth: LABEL_WIDTH };
  return PHASES.flatMap((phase) =>
    plan.steps
      .filter((step) => step.phase === phase)
      .flatMap((step, index) => {
        const text = `${padEnd(clean(step.subject), subjectWidth)}  ${clean(step.title)}`;
        return field(look, index === 0 ? phase : "", text, options);
      }),
  );
};
