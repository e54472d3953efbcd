import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

const textOr = (file: string, otherwise: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return otherwise;
  }
};

/** Pids of what works below the project's folder, by what stands in the command line. */
const pidsIn = (folder: string, command: RegExp): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readlinkSync(`/proc/${name}/cwd`).startsWith(folder) &&
          command.test(readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" "))
        );
      } catch {
        // It ended meanwhile.
        return false;
      }
    })
    .map(Number)
    .sort((a, b) => a - b);

export const instancesOf = (folder: string): number[] => pidsIn(folder, /(^|\/)node server\.mjs/);

/** Null: it does not run, or its number was given out again. */
export const supervisorOf = (folder: string): number | null => {
  const { pid } = JSON.parse(textOr(join(folder, ".switchback/local/supervisor.json"), "{}")) as {
    pid?: number;
  };
  if (pid === undefined) return null;
  return textOr(`/proc/${pid}/cmdline`, "").split("\0").includes("up") ? pid : null;
};

export const databaseOf = (folder: string): number | null => {
  const data = join(folder, ".switchback/local/postgres/data");
  const pid = Number.parseInt(textOr(join(data, "postmaster.pid"), ""), 10);
  return pid > 0 && textOr(`/proc/${pid}/cmdline`, "").includes("postgres") ? pid : null;
};

/** How the services reach their database, as one of them was told. */
export const databaseUrlOf = (folder: string): string | null => {
  for (const pid of instancesOf(folder)) {
    const found = textOr(`/proc/${pid}/environ`, "")
      .split("\0")
      .find((entry) => entry.startsWith("DATABASE_URL="));
    if (found !== undefined) return found.slice("DATABASE_URL=".length);
  }
  return null;
};
