import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";

const mount = (...args: string[]): void => {
  if (process.getuid?.() !== 0 || process.platform !== "linux")
    throw new Error("this test mounts a small disk: run it as root on Linux, sudo npm test -- test/cli");
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`mount ${args.join(" ")}: ${stderr} (in a container: --cap-add SYS_ADMIN)`);
};

const unmount = (folder: string): void => void spawnSync("umount", ["--lazy", folder]);

export interface SmallDisk {
  /** Only so many bytes stay free. */
  fill(leaveBytes?: number): void;
  free(): void;
  close(): void;
}

/** A file system of its own, of that size, on `folder`. */
export const mountSmallDisk = (folder: string, size: string): SmallDisk => {
  mkdirSync(folder, { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", folder);
  const ballast = join(folder, "ballast");
  const free = () => rmSync(ballast, { force: true });
  return {
    fill: (leaveBytes = 0) => {
      free();
      const { bavail, bsize } = statfsSync(folder);
      const file = openSync(ballast, "w");
      const block = Buffer.alloc(bsize);
      for (let left = bavail - Math.ceil(leaveBytes / bsize); left > 0; left--) writeSync(file, block);
      closeSync(file);
    },
    free,
    close: () => unmount(folder),
  };
};

/** Nothing below `folder` can be written until it is undone, whoever has it open. */
export const makeReadOnly = (folder: string): (() => void) => {
  mount("--bind", folder, folder);
  mount("-o", "remount,bind,ro", folder);
  return () => unmount(folder);
};

/** In front of a command: permission bits bind it, also when root runs the tests. */
export const withoutPrivilege = (): string[] =>
  process.getuid?.() === 0
    ? [
        "setpriv",
        "--inh-caps=-dac_override,-dac_read_search",
        "--bounding-set=-dac_override,-dac_read_search",
      ]
    : [];
