import { Command, CommanderError } from "commander";
import { AppError, isAppError } from "../domain/errors.ts";
import type { CommandContext, GlobalOptions } from "./command-context.ts";

type Options = Record<string, string | boolean | string[] | undefined>;
type Handler = (context: CommandContext, args: string[], options: GlobalOptions & Options) => Promise<number>;

interface CommandSpec {
  usage: string;
  summary: string;
  options?: [flags: string, meaning: string][];
  /** Options that may be given more than once. */
  repeatable?: [flags: string, meaning: string][];
  /** Sentences for docs/cli.md. */
  notes?: string[];
  run: Handler;
}

const WAIT: [string, string] = ["--wait", "wait for whoever is changing the environment"];
const REASON: [string, string] = ["--reason <text>", "kept in the log"];
const AUTOMATED: [string, string] = [
  "--automated",
  "nobody asked for it by hand: refused where somebody rolled back since",
];
const RELEASE: [string, string] = [
  "--release <id>",
  "an earlier release instead of the sources as they stand",
];
const NO_WAY_BACK: [string, string] = [
  "--no-way-back <reason>",
  "go on where no way back of the database is proved; kept in the log",
];
const first = (args: string[]): string => args[0]!;

const deployments = () => import("./commands/deploy.ts");
const reading = () => import("./commands/reading.ts");
const environments = () => import("./commands/environment.ts");
const releases = () => import("./commands/releases.ts");
const doctors = () => import("./commands/doctor.ts");
const local = () => import("./commands/local.ts");
const migrations = () => import("./commands/migrate.ts");
const infrastructure = () => import("./commands/infra.ts");

/** Every command, in the order in which --help and docs/cli.md list them. Code is loaded when a command runs. */
export const COMMANDS: CommandSpec[] = [
  {
    usage: "plan <environment>",
    summary: "show what deploy would do, and the way back",
    options: [RELEASE, NO_WAY_BACK],
    run: async (context, args, options) => (await reading()).plan(context, first(args), options),
  },
  {
    usage: "deploy <environment>",
    summary: "take an environment to the release of the sources, or leave it as it was",
    options: [RELEASE, WAIT, REASON, AUTOMATED, NO_WAY_BACK],
    run: async (context, args, options) => (await deployments()).deploy(context, first(args), options),
  },
  {
    usage: "promote <environment>",
    summary: "deploy what the environment before serves, byte for byte",
    options: [WAIT, REASON, AUTOMATED, NO_WAY_BACK],
    run: async (context, args, options) => (await deployments()).promote(context, first(args), options),
  },
  {
    usage: "rollback <environment>",
    summary: "take an environment back to an earlier release and its settings",
    options: [
      ["--to <release>", "that release; without it, the one that served before"],
      ["--accept-data-loss", "let a down lose the rows that only the newer schema holds"],
      WAIT,
      REASON,
      NO_WAY_BACK,
    ],
    run: async (context, args, options) => (await deployments()).rollback(context, first(args), options),
  },
  {
    usage: "resume <environment>",
    summary: "finish a deployment that was interrupted",
    options: [WAIT],
    run: async (context, args, options) =>
      (await deployments()).finish(context, "resume", first(args), options),
  },
  {
    usage: "abort <environment>",
    summary: "take an interrupted deployment back",
    options: [WAIT],
    run: async (context, args, options) =>
      (await deployments()).finish(context, "abort", first(args), options),
  },
  {
    usage: "status [environment]",
    summary: "what serves where, since when, and what is open",
    run: async (context, args, options) => (await reading()).status(context, args[0], options),
  },
  {
    usage: "history <environment>",
    summary: "past deployments, newest first",
    options: [
      ["-n, --limit <n>", "how many; 20 without it"],
      ["--verify", "check the whole log: gaps, forks, edits, a cut tail"],
      ["--anchor <entries:hash>", "check it against what --verify printed before, kept elsewhere"],
    ],
    run: async (context, args, options) => (await reading()).history(context, first(args), options),
  },
  {
    usage: "show <environment> <deployment>",
    summary: "one deployment: steps, errors, receipt",
    run: async (context, args, options) => (await reading()).show(context, [args[0]!, args[1]!], options),
  },
  {
    usage: "logs <environment> [service]",
    summary: "what the services print",
    options: [
      ["-f, --follow", "go on until Ctrl-C"],
      ["--lines <n>", "how many of the last; 50 without it"],
    ],
    run: async (context, args, options) => (await local()).logs(context, [args[0]!, args[1]], options),
  },
  {
    usage: "run <environment> <command...>",
    summary: "run a command once with the environment's files and settings: run dev -- COMMAND",
    options: [["--service <name>", "with the settings of this service; without it, the first"]],
    run: async (context, args, options) =>
      (await environments()).run(context, first(args), args.slice(1), options),
  },
  {
    usage: "lock <environment>",
    summary: "let no deployment start",
    options: [
      ["--why <text>", "what people are told"],
      ["--until <time>", "ISO 8601; without it, until unlock"],
    ],
    run: async (context, args, options) => (await environments()).lock(context, first(args), options),
  },
  {
    usage: "unlock <environment>",
    summary: "let deployments start again: lifts a lock, and the hold of a rollback",
    run: async (context, args, options) => (await environments()).unlock(context, first(args), options),
  },
  {
    usage: "approve <environment> <release>",
    summary: "say that a release may go to an environment that wants approval",
    run: async (context, args, options) =>
      (await environments()).approve(context, args[0]!, args[1]!, options),
  },
  {
    usage: "release",
    summary: "build the sources into a release",
    options: [["--rebuild", "even when these inputs were built before"]],
    run: async (context, _args, options) => (await releases()).release(context, options),
  },
  {
    usage: "releases",
    summary: "the releases in the store, newest first",
    run: async (context, _args, options) => (await releases()).releases(context, options),
  },
  {
    usage: "diff <a> <b>",
    summary: "how two releases differ, or two environments",
    run: async (context, args, options) => (await releases()).diff(context, [args[0]!, args[1]!], options),
  },
  {
    usage: "migrate <verb> <target>",
    summary: "plan, rehearse or status of an environment's migrations; explain a rule or a migration",
    options: [
      RELEASE,
      ["--from <release>", 'rehearse: begin with this release, or with "live", what is in the database now'],
      ["--report <form>", "rehearse: terminal, markdown, sarif or json"],
    ],
    notes: [
      "`rehearse` runs the migrations of the sources (or of `--release`) on a throwaway PostgreSQL, up, down and up again, and boots the release that serves on the schema that results (docs/migrations.md). Nothing of the environment is changed. `plan` says the same in short; both take a recorded rehearsal where nothing that decides it has changed. `status` shows what is applied and what is held back for which release. `explain` takes the id of a rule (docs/migration-rules.md) or the name of a migration that was rehearsed.",
      "Exit codes: 0 it passes, with or without warnings; 3 something blocks, or nothing could be proved.",
    ],
    run: async (context, args, options) =>
      (await migrations()).migrate(context, [args[0]!, args[1]!], options),
  },
  {
    usage: "infra <verb> <environment>",
    summary:
      "bootstrap, plan, apply, outputs, drift, destroy or import-copilot: the infrastructure on AWS, with Terraform",
    options: [
      [
        "--yes",
        "apply without a question; what destroys data or takes the service down is asked all the same",
      ],
      ["--wait", "wait up to 10 minutes for the lock of the state"],
      ["--from <folder>", "import-copilot: where the descriptions of Copilot's stacks lie"],
      [
        "--copilot-environment <name>",
        "import-copilot: the environment's name in Copilot, where it is another",
      ],
    ],
    repeatable: [
      ["--allow-destroy <address>", "this resource may be destroyed or replaced, by its exact address"],
    ],
    notes: [
      "`bootstrap` makes what an account needs first: the bucket for Terraform's state. `plan` shows what would change, what it costs in downtime and which policies are broken (then it exits 3), and saves the plan; `apply` applies that plan and no other. `outputs` prints what the deployer reads. `drift` names what was changed outside of Terraform, and exits 3 when something was. `destroy` takes all of it away. `import-copilot` says what becomes of an AWS Copilot app (docs/import-copilot.md).",
      "The root folder `infra/<environment>/` is made once and is yours after that. `terraform` or `tofu` from the PATH is used, 1.11 or newer; `aws.terraform` in the configuration or the environment variable SWITCHBACK_TERRAFORM, which goes first, name another. What it prints is kept in `.switchback/infra/<environment>/`.",
    ],
    run: async (context, args, options) =>
      (await infrastructure()).infra(context, [args[0]!, args[1]!], options),
  },
  {
    usage: "secret <verb> <environment> [name]",
    summary: "set, list or remove a secret of this machine; set reads the value from stdin",
    run: async (context, args, options) => {
      const [verb, environment, name] = args;
      if (verb !== "set" && verb !== "list" && verb !== "remove")
        throw new AppError("USAGE", `secret cannot "${verb}".`, {
          hint: "switchback secret set|list|remove ENVIRONMENT [NAME]",
        });
      return (await local()).secret(context, [verb, environment!, name], options);
    },
  },
  {
    usage: "doctor [environment]",
    summary: "look at all that Switchback keeps, say what is wrong with it, and what to do",
    options: [["--repair", "mend what is proved right by the log, by a hash or by waiting"]],
    notes: [
      "Looks at the store's rights and space, every log with its head, checkpoints and lease, release records, file trees and " +
        "files by their sha256, left-over temporary files, the supervisor's state and processes, the database's folder and the " +
        "secrets file. Without `--repair` nothing is changed.",
      "`--repair` writes heads and checkpoints from the log, puts files and manifests back from where the same bytes still lie, " +
        "clears a damaged lease as the engine would (17 seconds without a sign, then above any number it could have had), and " +
        "removes what killed writers and supervisors left. A damaged log entry is never invented: it is named, with what is " +
        "known without it, and has to come from a copy of the store.",
      "Exit codes: 0 nothing is wrong, or all of it was repaired; 3 something can be put right, by `--repair` or as it says; " +
        "4 something is lost or cannot be known from here. With `--json`: `{findings, exitCode}`.",
    ],
    run: async (context, args, options) => (await doctors()).doctor(context, args[0], options),
  },
  {
    usage: "up",
    summary: "run the local supervisor in the foreground",
    options: [["--port <n>", "the gateway's port; found by itself without it"]],
    run: async (context, _args, options) => (await local()).up(context, options),
  },
  {
    usage: "down",
    summary: "stop the local supervisor and all that it runs; data stays",
    run: async (context, _args, options) => (await local()).down(context, options),
  },
];

/** The options that every command takes. */
export const GLOBAL_OPTIONS: [flags: string, meaning: string][] = [
  ["--config <file>", "instead of the nearest switchback.config.ts"],
  ["--local", "run the environment on this machine, whatever its platform"],
  ["--json", "the result as JSON on stdout"],
  ["--verbose", "more detail, and the causes of errors"],
];

/** Parses and runs. Resolves to the exit code; throws AppError, USAGE for what is not understood. */
export const runCli = async (argv: string[], context: CommandContext): Promise<number> => {
  let exitCode = 0;
  const program = new Command("switchback")
    .description("Every deploy can be taken back.")
    .version(context.version, "--version")
    .helpOption("-h, --help", "this help")
    .configureHelp({
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`.replace(" [options]", ""),
    })
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.terminal.out(text), writeErr: () => undefined });
  // Before the command as well as after it.
  for (const [flags, meaning] of GLOBAL_OPTIONS) program.option(flags, meaning);
  for (const spec of COMMANDS) {
    const command = program.command(spec.usage).description(spec.summary).exitOverride();
    for (const [flags, meaning] of [...(spec.options ?? []), ...GLOBAL_OPTIONS])
      command.option(flags, meaning);
    for (const [flags, meaning] of spec.repeatable ?? [])
      command.option(flags, meaning, (value: string, before: string[] = []) => [...before, value]);
    command.action(async (...given: unknown[]) => {
      const args = given.slice(0, -2).flat() as (string | undefined)[];
      const options = (given.at(-1) as Command).optsWithGlobals<GlobalOptions & Options>();
      checkValues(command, options);
      exitCode = await spec.run(context, args as string[], options);
    });
  }
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (isAppError(error, "USAGE") && error.hint === undefined)
      throw new AppError("USAGE", error.message, { hint: helpFor(argv), context: error.context });
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new AppError("USAGE", error.message.replace(/^error: /, "").replace(/\n/g, " "), {
      hint: helpFor(argv),
    });
  }
  return exitCode;
};

/** `--release --json` is an option that was forgotten its value, not a release of that name. */
const checkValues = (command: Command, options: Options): void => {
  const known = command.options.flatMap(({ short, long }) => [short, long]);
  for (const [name, value] of Object.entries(options))
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one === "string" && known.includes(one))
        throw new AppError("USAGE", `option '--${name}' argument missing: ${one} is an option itself`);
};

const helpFor = (argv: string[]): string => {
  const names = COMMANDS.map(({ usage }) => usage.split(" ")[0]!);
  const named = argv.find((word) => names.includes(word));
  return named === undefined ? "switchback --help" : `switchback ${named} --help`;
};
