import { AppError } from "../../domain/errors.ts";
import { contextOptions, printJson, type CommandContext, type GlobalOptions } from "../command-context.ts";

/** `up`: the supervisor in the foreground, until Ctrl-C. */
export const up = async (
  context: CommandContext,
  options: GlobalOptions & { port?: string },
): Promise<number> => {
  const port = options.port === undefined ? null : Number(options.port);
  if (port !== null && (!Number.isInteger(port) || port < 1 || port > 65_535))
    throw new AppError("USAGE", `--port takes a number from 1 to 65535, not ${options.port}.`);
  const host = await context.localHost(contextOptions(options));
  const controller = new AbortController();
  const undo = context.onSignal(() => controller.abort());
  try {
    await host.up({
      port,
      signal: controller.signal,
      onReady: (urls) =>
        context.terminal.talk(
          urls.length === 0 ? "ready; nothing is deployed yet" : urls.map((url) => `ready: ${url}`),
        ),
    });
    return 0;
  } finally {
    undo();
  }
};

export const down = async (context: CommandContext, options: GlobalOptions): Promise<number> => {
  const host = await context.localHost(contextOptions(options));
  const { signal } = new AbortController();
  const stopped = await host.down({ signal, onProgress: (text) => context.terminal.talk(text) });
  if (options.json === true) printJson(context, { stopped });
  else
    context.terminal.talk(
      stopped ? "stopped; the data stays, and the next deploy or up starts it again" : "nothing was running",
    );
  return 0;
};

/** `logs ENV [SERVICE] [-f]`. */
export const logs = async (
  context: CommandContext,
  [environment, service]: [string, string | undefined],
  options: GlobalOptions & { follow?: boolean; lines?: string },
): Promise<number> => {
  const lines = Number(options.lines ?? 50);
  if (!Number.isInteger(lines) || lines < 0)
    throw new AppError("USAGE", `--lines takes a whole number, not ${options.lines}.`);
  const { checkService, environmentOf } = await import("../../app/context.ts");
  const app = await context.app(contextOptions(options));
  environmentOf(app, environment);
  if (service !== undefined) checkService(app, service);
  const host = await context.localHost(contextOptions(options));
  const controller = new AbortController();
  const undo = context.onSignal(() => controller.abort());
  try {
    await host.logs({
      environment,
      service: service ?? null,
      follow: options.follow === true,
      lines,
      signal: controller.signal,
      onLine: (instance, line) =>
        options.json === true
          ? printJson(context, { instance, line })
          : context.terminal.out(`${instance}  ${line}\n`),
    });
    return 0;
  } finally {
    undo();
  }
};

/** `secret set|list|remove ENV [NAME]`; a value is read from stdin, never from the command line. */
export const secret = async (
  context: CommandContext,
  [verb, environment, name]: ["set" | "list" | "remove", string, string | undefined],
  options: GlobalOptions,
): Promise<number> => {
  const { environmentOf } = await import("../../app/context.ts");
  environmentOf(await context.app(contextOptions(options)), environment);
  const { secrets } = await context.localHost(contextOptions(options));
  const { terminal } = context;
  if (verb === "list") {
    const found = await secrets.list(environment);
    if (options.json === true) printJson(context, found);
    else
      terminal.print(
        found.length === 0 ? ["no secrets yet"] : found.map((one) => `${one.name}  ${one.current}`),
      );
    return 0;
  }
  if (name === undefined) throw new AppError("USAGE", `secret ${verb} needs the name of a secret.`);
  if (verb === "set") {
    const text = (await context.stdin()).replace(/\r?\n$/, "");
    const { version } = await secrets.set(environment, name, { text });
    terminal.talk(`${name} is ${version} in ${environment}; the next deployment binds it`);
  } else {
    const removed = await secrets.remove(environment, name);
    terminal.talk(
      removed ? `${name} was forgotten in ${environment}` : `${environment} has no secret ${name}`,
    );
  }
  return 0;
};
