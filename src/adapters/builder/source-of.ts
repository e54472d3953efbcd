import type { Source } from "../../domain/release.ts";
import { gitFailed, type Git } from "./git.ts";

/** Where the sources come from, for people; all null without git or before the first commit. */
export const sourceOf = async (git: Git | null, projectDir: string, signal: AbortSignal): Promise<Source> => {
  if (git === null) return { commit: null, branch: null, subject: null, dirty: false };
  const run = (...args: string[]) => git.run(args, { cwd: projectDir, signal });
  const [log, branch, status] = await Promise.all([
    // The subject as it was written, whatever the user's settings show.
    run("log", "-1", "--no-show-signature", "--no-color", "--format=%H%x00%s", "--encoding=UTF-8"),
    run("symbolic-ref", "--short", "-q", "HEAD"),
    run("status", "--porcelain", "-z", "--", ".", ":(exclude,glob)**/.switchback/**"),
  ]);
  if (status.exitCode !== 0) throw gitFailed("compare the work tree", status);
  const [commit, subject] = log.stdout.toString("utf8").trimEnd().split("\0");
  return {
    commit: log.exitCode === 0 && commit ? commit : null,
    branch: branch.exitCode === 0 ? branch.stdout.toString("utf8").trim() : null,
    subject: log.exitCode === 0 ? (subject ?? null) : null,
    dirty: status.stdout.length > 0,
  };
};
