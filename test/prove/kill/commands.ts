import type { Receipt } from "../../../src/domain/receipt.ts";
import { shortReleaseId } from "../../../src/domain/release.ts";
import type { Ran } from "../common/project.ts";
import type { Lane } from "./lane.ts";
import type { Strike } from "./scenario.ts";
import { carryOut, send, type Disturbance } from "./strike.ts";
import type { Story, Tell } from "./story.ts";

const LONGEST_MS = 120_000;
const CODES = [0, 1, 3, 4];
const KILLED = -1;

/** What is under way in a round, and what was found wrong by now. */
export interface Round {
  wrong: string[];
  struck: Disturbance[];
  tell: Tell;
  at: Story["at"];
  /** Runs a command of which the strikes know; its exit code and its receipt are checked against what they say. */
  command(args: string[], options?: { afterMs: number }): Promise<Ran>;
  strike(strike: Strike): Promise<void>;
  /** Of the commands that run now. */
  commands(): number[];
}

export const makeRound = ({ project, lastEntry }: Lane, { tell, at }: Story): Round => {
  const wrong: string[] = [];
  const struck: Disturbance[] = [];
  const running = new Set<number>();
  const target = { folder: project.folder, commands: () => [...running], lastEntry };
  return {
    wrong,
    struck,
    tell,
    at,
    commands: target.commands,
    command: async (args, options) => {
      if (options !== undefined) await new Promise((settle) => setTimeout(settle, options.afterMs));
      const { child, ended } = project.begin([...args, "--json"]);
      const pid = child.pid!;
      running.add(pid);
      tell(`$ switchback ${args.join(" ").replace(/[0-9a-f]{64}/, shortReleaseId)}   (process ${pid})`);
      const tooLong = setTimeout(() => {
        wrong.push(`switchback ${args.join(" ")} did not end in ${LONGEST_MS / 1000} s`);
        send(pid, "KILL");
      }, LONGEST_MS);
      const ran = await ended;
      clearTimeout(tooLong);
      running.delete(pid);
      tell(`process ${pid} ended with ${ran.code === KILLED ? "SIGKILL" : ran.code}${shortOf(ran)}`);
      if (ran.code !== KILLED && !CODES.includes(ran.code))
        wrong.push(`switchback ${args.join(" ")} ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
      return ran;
    },
    strike: async (strike) => {
      const disturbance = await carryOut(strike, target, tell);
      if (disturbance !== null) struck.push(disturbance);
    },
  };
};

type Said = Partial<Receipt> & { error?: { code: string; message: string } };
export const saidBy = ({ stdout }: Ran): Said => {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Said;
  } catch {
    return {};
  }
};

const shortOf = (ran: Ran): string => {
  const { deployment, outcome, failure, error } = saidBy(ran);
  const why = error ?? failure?.error;
  return [
    deployment === undefined ? "" : `  ${deployment} ${outcome}`,
    why === undefined ? "" : `  ${why.code}: ${why.message.slice(0, 160)}`,
  ].join("");
};
