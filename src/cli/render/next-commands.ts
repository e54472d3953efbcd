import type { Receipt } from "../../domain/receipt.ts";
import type { Look } from "./look.ts";
import { widthOf } from "./look.ts";
import { justify, padEnd, wrapItems } from "./fit.ts";

/** What a person can do now, most useful first, as commands that can be pasted. */
export const nextCommands = (
  receipt: Receipt,
  { canRollBack = true }: { canRollBack?: boolean } = {},
): string[] => {
  const { environment, deployment } = receipt;
  const show = `switchback show ${environment} ${deployment}`;
  switch (receipt.outcome) {
    case "succeeded":
      return [
        `switchback status ${environment}`,
        ...(canRollBack ? [`switchback rollback ${environment}`] : []),
      ];
    case "compensated":
      return receipt.failure === null ? [show] : [`switchback logs ${environment}`, show];
    case "stuck":
    case "interrupted":
      return [`switchback resume ${environment}`, `switchback abort ${environment}`];
    case "fenced":
      return [`switchback status ${environment}`, show];
  }
};

/** `next  a  ·  b                 exit 1` */
export const nextLines = (look: Look, commands: string[], exitCode: number): string[] => {
  const width = widthOf(look);
  const wrapped = wrapItems(commands, width - 6);
  const lines = wrapped.map(
    (line, index) => `${look.colours.dim(padEnd(index === 0 ? "next" : "", 6))}${line}`,
  );
  const exit = look.colours.dim(`exit ${exitCode}`);
  return [...lines.slice(0, -1), ...justify(lines.at(-1) ?? "", exit, width)];
};
