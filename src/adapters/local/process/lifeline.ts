import { spawn, type ChildProcess } from "node:child_process";
import type { Duplex, Readable } from "node:stream";

/** The variable by which a descendant is recognised even after it left its process group (setsid, double fork). */
export const MARKER_VARIABLE = "SWITCHBACK_PROCESS";

export interface LifelineSpawn {
  /** Replaces the shell: the child's pid is the pid of this program. */
  argv: string[];
  cwd: string;
  /** The whole environment; the marker is added. */
  env: Record<string, string>;
  /** Ends in a random part, so that it names this start and no other. */
  marker: string;
  /** What the main process gets first when the lifeline ends. "KILL": nothing; the group is killed at once. */
  farewell: "KILL" | "QUIT" | "TERM";
  /** Written to stdin, which is then closed. Absent: stdin is empty. */
  stdin?: string;
  /** Run as this user. Only root can. */
  user?: { uid: number; gid: number };
}

export interface LifelineChild {
  /** Its pid is also the id of its process group; undefined when it could not be started. */
  child: ChildProcess;
  stdout: Readable;
  stderr: Readable;
  /** Ends the lifeline: what is left of the group is killed by the watcher. */
  cut(): void;
}

/**
 * Waits for the end of file on the lifeline ($1 group, $2 marker, $3 farewell), then leaves nothing behind. Marked
 * processes come first because the last line ends the watcher itself. Ten rounds outrun a process that forks meanwhile.
 */
const WATCHER = `
while read -r _; do :; done
if [ "$3" != KILL ]; then
  kill "-$3" "$1"
  n=0
  while [ $n -lt 50 ] && kill -0 "$1"; do sleep 0.1; n=$((n+1)); done
fi
n=0
while [ -r /proc/self/environ ] && [ $n -lt 10 ]; do
  found=
  for f in $(grep -lsF -e "${MARKER_VARIABLE}=$2" /proc/[0-9]*/environ); do
    f=\${f#/proc/}
    kill -KILL "\${f%/environ}" && found=yes
  done
  [ -n "$found" ] || break
  n=$((n+1))
done
kill -KILL "-$1"`;

/**
 * The first thing that the group does, so there is no moment without a watcher: a shell that is orphaned before this
 * line is run starts a watcher that finds the end of file at once. The watcher is forked twice, so the main process has
 * no child that it did not start (a program that waits for all of its children would hang); it has an environment of its
 * own, holds no output pipe open, and ignores what a terminal or stop() sends to the group.
 */
const WRAPPER = `
(
  trap '' HUP INT QUIT TERM
  exec /usr/bin/env -i PATH=/usr/bin:/bin /bin/sh -c "$1" switchback-lifeline "$$" "$2" "$3" \
    <&3 3<&- >/dev/null 2>&1 &
)
exec 3<&-
shift 3
exec "$@"`;

/**
 * Starts a program in a process group of its own that cannot outlive this process, not even after SIGKILL: the write end
 * of a pipe is held here alone, and a watcher in the group ends the group when the pipe does. Also ended, on Linux, are
 * descendants that left the group, found by the marker in their environment.
 * What remains: a process that left the group *and* dropped or overwrote its environment; on macOS one that left the group.
 * A program that cannot be found ends with 127; other failures are an `error` event of the child, or thrown.
 */
export const spawnOnLifeline = (options: LifelineSpawn): LifelineChild => {
  const { argv, cwd, env, marker, farewell, stdin, user } = options;
  const child = spawn("/bin/sh", ["-c", WRAPPER, "switchback", WATCHER, marker, farewell, ...argv], {
    cwd,
    env: { ...env, [MARKER_VARIABLE]: marker },
    detached: true,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe", "pipe"],
    ...user,
  });
  const lifeline = child.stdio[3] as Duplex;
  // The other end may be gone first, which is how most lifelines end.
  lifeline?.on("error", () => {});
  if (stdin !== undefined) child.stdin?.on("error", () => {}).end(stdin);
  return {
    child,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    cut: () => lifeline?.destroy(),
  };
};
