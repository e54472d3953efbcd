import { shortReleaseId } from "../../domain/release.ts";
import { buildTalk } from "../build-talk.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";

/** `release`: builds the sources as they stand, or finds that they were built before. */
export const release = async (
  context: CommandContext,
  options: GlobalOptions & { rebuild?: boolean },
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { releaseOfSources } = await import("../../app/releases.ts");
  const controller = new AbortController();
  const undo = context.onSignal(() => controller.abort("detach"));
  try {
    const made = await releaseOfSources(app, {
      signal: controller.signal,
      onProgress: buildTalk(context, options),
      rebuild: options.rebuild === true,
    });
    if (options.json === true) printJson(context, made);
    else {
      const { renderRelease } = await import("../render/release.ts");
      context.terminal.print(renderRelease(context.terminal.stdout, made.release));
      context.terminal.talk(made.built ? "built and stored" : "nothing had changed since it was built");
    }
    return 0;
  } finally {
    undo();
  }
};

/** `releases`: newest first. */
export const releases = async (context: CommandContext, options: GlobalOptions): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { listReleases } = await import("../../app/releases.ts");
  const found = await listReleases(app.store);
  if (options.json === true) printJson(context, found);
  else {
    const { renderReleases } = await import("../render/release.ts");
    context.terminal.print(renderReleases(context.terminal.stdout, found));
  }
  return 0;
};

/** `diff A B`: which inputs, files, migrations and names of two releases differ, or which settings of two environments. */
export const diff = async (
  context: CommandContext,
  [first, second]: [string, string],
  options: GlobalOptions,
): Promise<number> => {
  const app = await context.app(contextOptions(options));
  const { resolveRelease } = await import("../../app/releases.ts");
  const { areEnvironments, diffOfReleases } = await import("../../app/diff.ts");
  if (areEnvironments(app, [first, second])) {
    const { diffEnvironments } = await import("../../infra/environment-diff.ts");
    const found = diffEnvironments(app.app, [first, second]);
    if (options.json === true) printJson(context, found);
    else {
      const { renderEnvironmentDiff } = await import("../render/environment-diff.ts");
      context.terminal.print(renderEnvironmentDiff(context.terminal.stdout, found));
    }
    return 0;
  }
  const [a, b] = [await resolveRelease(app, first), await resolveRelease(app, second)];
  const difference = await diffOfReleases(app, a, b);
  if (options.json === true) printJson(context, { from: a.id, to: b.id, ...difference });
  else {
    const { renderReleaseDiff } = await import("../render/release.ts");
    context.terminal.talk(`${shortReleaseId(a.id)} → ${shortReleaseId(b.id)}`);
    context.terminal.print(renderReleaseDiff(context.terminal.stdout, difference));
  }
  return 0;
};
