import type { Anchor } from "../../app/history.ts";
import { AppError } from "../../domain/errors.ts";
import { mendHint } from "../../domain/log-entry.ts";
import { buildTalk, rehearsalTalk } from "../build-talk.ts";
import { noWayBackIn } from "../no-way-back.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";

/** `status [ENV]`: starts nothing. */
export const status = async (
  context: CommandContext,
  environment: string | undefined,
  options: GlobalOptions,
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { statusOf } = await import("../../app/status.ts");
  const found = await statusOf(app, environment ?? null);
  if (options.json === true) printJson(context, found);
  else {
    const { renderStatus } = await import("../render/status.ts");
    context.terminal.print(renderStatus(context.terminal.stdout, found, { nowMs: Date.now() }));
  }
  return 0;
};

/** `plan ENV`: what `deploy` would do; builds the release if it must, changes no environment. */
export const plan = async (
  context: CommandContext,
  environment: string,
  options: GlobalOptions & { release?: string; noWayBack?: string },
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { releaseOfSources, resolveRelease } = await import("../../app/releases.ts");
  const { previewPlan } = await import("../../app/plan.ts");
  const { environmentOf } = await import("../../app/context.ts");
  environmentOf(app, environment);
  const controller = new AbortController();
  const undo = context.onSignal(() => controller.abort("detach"));
  try {
    const onProgress = buildTalk(context, options);
    const { signal } = controller;
    const release =
      options.release === undefined
        ? (await releaseOfSources(app, { signal, onProgress })).release
        : await resolveRelease(app, options.release);
    const noWayBack = noWayBackIn(options);
    const report = rehearsalTalk(context, options);
    const preview = await previewPlan(app, { environment, release, noWayBack, report, signal });
    if (options.json === true) printJson(context, preview);
    else {
      const { renderPlan } = await import("../render/plan.ts");
      const shown = { ...preview, source: release.source, since: preview.wayBack.release };
      context.terminal.print(renderPlan(context.terminal.stdout, shown));
      if (!preview.running) context.terminal.talk("nothing runs here yet, so this is the plan from nothing");
    }
    return 0;
  } finally {
    undo();
  }
};

/** `128:5f0c…`: what --verify printed, entries and hash. */
const anchorFrom = (text: string): Anchor => {
  const [, entries, hash] = /^([1-9]\d{0,11}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (entries === undefined || hash === undefined)
    throw new AppError("USAGE", `--anchor takes ENTRIES:HASH as --verify prints them, not ${text}.`);
  return { entries: Number(entries), hash };
};

/** `history ENV [--limit N] [--verify [--anchor N:HASH]]`. */
export const history = async (
  context: CommandContext,
  environment: string,
  options: GlobalOptions & { limit?: string; verify?: boolean; anchor?: string },
): Promise<number> => {
  const limit = Number(options.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1)
    throw new AppError("USAGE", `--limit takes a whole number from 1, not ${options.limit}.`);
  const anchor = options.anchor === undefined ? null : anchorFrom(options.anchor);
  const app = await context.app(contextOptions(options));
  const { history: read, verifyHistory } = await import("../../app/history.ts");
  const { environmentOf } = await import("../../app/context.ts");
  environmentOf(app, environment);
  if (options.verify === true || anchor !== null) {
    const verified = await verifyHistory(app, environment, anchor);
    if (options.json === true) printJson(context, verified);
    else {
      const { entries, hash, problems } = verified;
      const whole = problems.length === 0 ? "whole, " : "";
      context.terminal.out(`${environment}: ${whole}${entries} entries, anchor ${entries}:${hash}\n`);
    }
    if (verified.problems.length === 0) return 0;
    throw new AppError("LOG_BROKEN", verified.problems.join(" "), {
      hint: mendHint(environment),
      context: { environment },
    });
  }
  const found = await read(app, environment, { limit });
  if (options.json === true) printJson(context, found.deployments);
  else {
    const { renderHistory } = await import("../render/history.ts");
    context.terminal.print(renderHistory(context.terminal.stdout, found.deployments));
    const newest = found.deployments[0];
    if (newest !== undefined) context.terminal.talk(`next  switchback show ${environment} ${newest.id}`);
  }
  return 0;
};

/** `show ENV DEPLOYMENT`: its steps, errors and receipt. */
export const show = async (
  context: CommandContext,
  [environment, id]: [string, string],
  options: GlobalOptions,
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { showDeployment } = await import("../../app/history.ts");
  const shown = await showDeployment(app, environment, id);
  if (options.json === true) printJson(context, shown);
  else {
    const { renderDeployment } = await import("../render/deployment.ts");
    context.terminal.print(renderDeployment(context.terminal.stdout, shown.entries));
  }
  return 0;
};
