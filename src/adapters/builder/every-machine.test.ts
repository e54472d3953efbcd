import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { app, builder, commitAll, home, project, useTestbed, write } from "./testbed.ts";

useTestbed();

describe("the same on every machine", () => {
  test("clones in other folders, made under another umask, by other users' settings, get the same id", async () => {
    write("api/main.js", "one\r\ntwo\r\n");
    write("api/bin/run", "#!/bin/sh\n", 0o755);
    write("api/é/e\u0301.txt");
    symlinkSync("bin/run", join(project, "api/run"));
    write("package-lock.json", "{}");
    write(".gitignore", "node_modules/\n");
    commitAll();
    const here = await builder().inputs(app());
    const clones = ["one", "somewhere/quite else/two"].map((name) => join(home, name));
    const umasks = ["077", "002"];
    clones.forEach((clone, n) => {
      mkdirSync(clone, { recursive: true });
      execFileSync(
        "sh",
        ["-c", `umask ${umasks[n]} && git clone -q "$0" "$1"`, project, join(clone, "shop")],
        {
          env: { PATH: process.env["PATH"], HOME: home },
        },
      );
    });
    expect(statSync(join(clones[0]!, "shop/api/main.js")).mode & 0o777).toBe(0o600);
    for (const [n, clone] of clones.entries()) {
      const env = {
        PATH: process.env["PATH"],
        HOME: home,
        TZ: "Asia/Tokyo",
        LC_ALL: "de_DE.UTF-8",
        GIT_DIR: "/nonsense",
        GIT_INDEX_FILE: "/nonsense",
      };
      const there = await builder({ projectDir: join(clone, "shop"), env, nowMs: () => n * 1e12 }).inputs(
        app(),
      );
      expect(there).toEqual(here);
    }
    const copy = join(home, "copy");
    cpSync(project, copy, { recursive: true, verbatimSymlinks: true });
    rmSync(join(copy, ".git"), { recursive: true });
    expect((await builder({ projectDir: copy }).inputs(app())).inputs["service:api:sources"]).toBe(
      here.inputs["service:api:sources"],
    );
  });

  test("a machine without git reads the repository as it lies there", async () => {
    write("api/main.js");
    commitAll();
    const { id } = await builder().inputs(app());
    expect((await builder({ env: { PATH: join(home, "empty") } }).inputs(app())).id).toBe(id);
  });
});
