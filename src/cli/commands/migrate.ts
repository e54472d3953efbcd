import type { AppContext } from "../../app/context.ts";
import { AppError } from "../../domain/errors.ts";
import { EXIT_CODES } from "../../domain/error-codes.ts";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import type { Release } from "../../domain/release.ts";
import { buildTalk } from "../build-talk.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";

export interface MigrateOptions extends GlobalOptions {
  release?: string;
  from?: string;
  report?: string;
}

const VERBS = ["plan", "rehearse", "status", "explain"] as const;
const REPORTS = ["terminal", "markdown", "sarif", "json"] as const;
type ReportForm = (typeof REPORTS)[number];

/** `migrate plan|rehearse|status ENV`, `migrate explain RULE|MIGRATION`. */
export const migrate = async (
  context: CommandContext,
  [verb, target]: [string, string],
  options: MigrateOptions,
): Promise<number> => {
  const form = reportIn(options);
  if (verb !== "rehearse" && (options.from !== undefined || options.report !== undefined))
    throw new AppError("USAGE", "--from and --report belong to migrate rehearse.");
  const app = await context.app(contextOptions(options));
  switch (verb) {
    case "plan":
    case "rehearse":
      return rehearse(context, app, { verb, environment: target, form, options });
    case "status":
      return status(context, app, target, options);
    case "explain":
      return explain(context, app, target, options);
    default:
      throw new AppError("USAGE", `migrate cannot "${verb}".`, {
        hint: `switchback migrate ${VERBS.join("|")} ENVIRONMENT`,
      });
  }
};

const reportIn = ({ report, json }: MigrateOptions): ReportForm => {
  if (report === undefined) return json === true ? "json" : "terminal";
  const form = REPORTS.find((one) => one === report);
  if (form === undefined) throw new AppError("USAGE", `--report takes ${REPORTS.join(", ")}, not ${report}.`);
  return form;
};

interface RehearseRequest {
  verb: "plan" | "rehearse";
  environment: string;
  form: ReportForm;
  options: MigrateOptions;
}

const rehearse = async (
  context: CommandContext,
  app: AppContext,
  { verb, environment, form, options }: RehearseRequest,
): Promise<number> => {
  const { environmentOf } = await import("../../app/context.ts");
  const { rehearseEnvironment } = await import("../../app/migrate/rehearse-environment.ts");
  environmentOf(app, environment);
  const controller = new AbortController();
  const undo = context.onSignal(() => controller.abort());
  try {
    const { signal } = controller;
    const to = await releaseOf(context, app, { options, signal });
    const onProgress = (text: string) => options.verbose === true && context.terminal.talk(`${text} …`);
    const { from = null } = options;
    const { rehearsal, reused } = await rehearseEnvironment(app, {
      ...{ environment, to, from, signal },
      onProgress,
    });
    if (reused) context.terminal.talk("as rehearsed before: nothing that decides it has changed");
    const exitCode = exitCodeOf(rehearsal);
    const verbose = verb === "rehearse" || options.verbose === true;
    await print(context, app, { rehearsal, to, form, environment, exitCode, verbose });
    return exitCode;
  } finally {
    undo();
  }
};

const releaseOf = async (
  context: CommandContext,
  app: AppContext,
  { options, signal }: { options: MigrateOptions; signal: AbortSignal },
): Promise<Release> => {
  const { releaseOfSources, resolveRelease } = await import("../../app/releases.ts");
  if (options.release !== undefined) return resolveRelease(app, options.release);
  return (await releaseOfSources(app, { signal, onProgress: buildTalk(context, options) })).release;
};

/** A pass, or a warning: 0. What must not run, or could not be rehearsed, is a precondition that does not hold. */
const exitCodeOf = ({ verdict }: Rehearsal): number =>
  verdict === "pass" || verdict === "warn" ? 0 : EXIT_CODES.precondition;

const print = async (
  context: CommandContext,
  app: AppContext,
  shown: Pick<RehearseRequest, "form" | "environment"> & {
    rehearsal: Rehearsal;
    to: Release;
    exitCode: number;
    verbose: boolean;
  },
): Promise<void> => {
  const { rehearsal, to, form, environment, exitCode, verbose } = shown;
  const { terminal } = context;
  switch (form) {
    case "json":
      return printJson(context, rehearsal);
    case "sarif": {
      const rehearser = await app.rehearser(environment);
      const { migrationFiles } = await import("../../app/migrate/migration-files.ts");
      const files = await migrationFiles(app, to);
      return terminal.out(`${JSON.stringify(rehearser.sarif(rehearsal, files), null, 2)}\n`);
    }
    case "markdown": {
      const { rehearsalMarkdown } = await import("../render/rehearsal-markdown.ts");
      return terminal.out(`${rehearsalMarkdown(rehearsal)}\n`);
    }
    case "terminal": {
      const { renderRehearsal } = await import("../render/rehearsal.ts");
      terminal.print(renderRehearsal(terminal.stdout, rehearsal, { environment, exitCode, verbose }));
    }
  }
};

const status = async (
  context: CommandContext,
  app: AppContext,
  environment: string,
  options: MigrateOptions,
): Promise<number> => {
  const { migrationStatus } = await import("../../app/migrate/status.ts");
  const found = await migrationStatus(app, environment);
  if (options.json === true) printJson(context, found);
  else {
    const { renderMigrationStatus } = await import("../render/migration-status.ts");
    context.terminal.print(renderMigrationStatus(context.terminal.stdout, found));
  }
  return 0;
};

const explain = async (
  context: CommandContext,
  app: AppContext,
  name: string,
  options: MigrateOptions,
): Promise<number> => {
  const { explain: find } = await import("../../app/migrate/explain.ts");
  const found = await find(app, name);
  const { terminal } = context;
  if (options.json === true) printJson(context, found);
  else if (found.type === "rule") {
    const { renderRule } = await import("../render/migration-rule.ts");
    terminal.print(renderRule(terminal.stdout, found.rule));
  } else {
    const { renderRehearsedMigration } = await import("../render/rehearsal.ts");
    terminal.print(renderRehearsedMigration(terminal.stdout, found.rehearsal, name));
  }
  return 0;
};
