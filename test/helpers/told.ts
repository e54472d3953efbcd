import { expect } from "vitest";
import type { AppErrorJson } from "../../src/domain/errors.ts";
import type { Ran } from "./tiny-project.ts";

/** The error of a command that ran with `--json`. */
export const errorOf = ({ stdout }: Ran): AppErrorJson => {
  const last = stdout.trim().split("\n").at(-1) ?? "";
  const said = JSON.parse(last) as { error?: AppErrorJson; failure?: { error: AppErrorJson } };
  const error = said.error ?? said.failure?.error;
  if (error === undefined) throw new Error(`no error was told: ${stdout}`);
  return error;
};

/** No stack, no words of the system alone, and no bug: what every failing command owes to whoever typed it. */
export const expectTold = (ran: Ran, exit: number, code: string): AppErrorJson => {
  const error = errorOf(ran);
  expect({ exit: ran.code, code: error.code }, ran.stdout + ran.stderr).toEqual({ exit, code });
  // A configuration's problems carry their own hints, one each.
  if (code !== "CONFIG_INVALID") expect(error.hint ?? "", `no next step: ${ran.stderr}`).not.toBe("");
  const text = ran.stdout + ran.stderr;
  expect(text).not.toMatch(/\n\s+at .+:\d+:\d+|\bE[A-Z]{3,}: [a-z]|Cannot read propert|node:internal/);
  return error;
};
