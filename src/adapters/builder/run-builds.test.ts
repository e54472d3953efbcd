import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  app,
  builder,
  commitAll,
  home,
  options,
  project,
  service,
  site,
  useTestbed,
  write,
  failure,
} from "./testbed.ts";

useTestbed();

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A killed child that nobody has waited for yet is still listed.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await wait(10);
};

describe("build commands", () => {
  test("parts with one folder and one command are built once, and hear of it", async () => {
    write("api/main.js");
    const build = "echo ran >> ../count; echo hello; echo problem >&2; printf 'no newline'";
    const lines: string[] = [];
    const wanted = app({
      services: {
        api: service({ build }),
        jobs: service({ build, kind: "worker", route: null }),
        other: service({ build: `${build};` }),
      },
    });
    await builder({ concurrency: 1 }).build(wanted, {
      ...options(),
      onProgress: (part, text) => lines.push(`${part}: ${text}`),
    });
    expect(readFileSync(join(project, "count"), "utf8")).toBe("ran\nran\n");
    expect(lines.filter((line) => line.startsWith("service:api:")).sort()).toEqual([
      "service:api: hello",
      "service:api: no newline",
      "service:api: problem",
    ]);
    expect(
      readFileSync(join(project, ".switchback/logs/build/service-api.log"), "utf8").split("\n"),
    ).toContain("problem");
  });

  test("see what tools need and nothing else", async () => {
    write("api/main.js");
    const env = {
      PATH: process.env["PATH"],
      HOME: home,
      NODE_OPTIONS: "--no-warnings",
      npm_config_registry: "http://localhost",
      HTTPS_PROXY: "http://proxy",
      CI: "true",
      SWITCHBACK_TOKEN: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      DATABASE_URL: "x",
      NODE_ENV: "test",
    };
    await builder({ env }).build(app({ services: { api: service({ build: "env > ../env" }) } }), options());
    const seen = Object.fromEntries(
      readFileSync(join(project, "env"), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    expect(seen).toMatchObject({
      NODE_OPTIONS: "--no-warnings",
      npm_config_registry: "http://localhost",
      HTTPS_PROXY: "http://proxy",
      CI: "true",
      HOME: home,
      NODE_ENV: "production",
      SOURCE_DATE_EPOCH: "0",
    });
    expect(Object.keys(seen).filter((name) => /SWITCHBACK|AWS|DATABASE/.test(name))).toEqual([]);
  });

  test("one that fails is told with its last 40 lines, and the others are stopped", async () => {
    write("api/main.js");
    write("web/main.js");
    const wanted = app({
      services: {
        api: service({
          build: "until [ -s ../pid ]; do sleep 0.01; done; seq 1 100; echo the reason >&2; exit 7",
        }),
      },
      sites: { web: site({ build: "sleep 1000 & echo $! > ../pid; wait" }) },
    });
    const error = await failure(builder({ concurrency: 2 }).build(wanted, options()));
    expect(error).toMatchObject({ code: "BUILD_FAILED", context: { part: "service:api", exitCode: 7 } });
    const lines = error.context["lines"] as string[];
    expect(lines).toHaveLength(40);
    expect(lines).toContain("the reason");
    expect(lines).toContain("99");
    expect(readFileSync(error.context["log"] as string, "utf8").split("\n").length).toBe(102);
    const pid = Number(readFileSync(join(project, "pid"), "utf8"));
    await until(() => !isAlive(pid));
  });

  test("one that is killed says by what", async () => {
    write("api/main.js");
    const error = await failure(
      builder().build(app({ services: { api: service({ build: "kill -KILL $$" }) } }), options()),
    );
    expect(error).toMatchObject({ code: "BUILD_FAILED", context: { exitCode: null, signal: "SIGKILL" } });
  });

  test("an abort stops the whole group, even what ignores the first signal's sender", async () => {
    write("api/main.js");
    const build = "sh -c 'trap : TERM; while :; do sleep 0.1; done' & echo $! > ../pid; wait; wait; wait";
    const aborting = new AbortController();
    const building = failure(
      builder().build(app({ services: { api: service({ build }) } }), options(aborting.signal)),
    );
    await until(() => existsSync(join(project, "pid")) && readFileSync(join(project, "pid"), "utf8") !== "");
    aborting.abort();
    expect(await building).toMatchObject({ code: "INTERRUPTED" });
    const pid = Number(readFileSync(join(project, "pid"), "utf8"));
    await until(() => !isAlive(pid));
  });

  test("one that is aborted before it starts does not start", async () => {
    write("api/main.js");
    const error = await failure(
      builder().build(
        app({ services: { api: service({ build: ": > ../ran" }) } }),
        options(AbortSignal.abort()),
      ),
    );
    expect(error.code).toBe("INTERRUPTED");
    expect(existsSync(join(project, "ran"))).toBe(false);
  });

  test("what one leaves in the background ends with it, and does not hold it up", async () => {
    write("api/main.js");
    await builder().build(
      app({ services: { api: service({ build: "sleep 1000 & echo $! > ../pid" }) } }),
      options(),
    );
    const pid = Number(readFileSync(join(project, "pid"), "utf8"));
    await until(() => !isAlive(pid));
  });

  test("sources that change during the build are refused by name", async () => {
    write("api/main.js");
    commitAll();
    const wanted = (build: string) => app({ services: { api: service({ build, files: ["*.js"] }) } });
    expect(await failure(builder().build(wanted("echo changed > main.js"), options()))).toMatchObject({
      code: "BUILD_FAILED",
      message: expect.stringContaining("service:api:sources main.js") as string,
    });
    expect(await failure(builder().build(wanted(": > generated.js"), options()))).toMatchObject({
      code: "BUILD_FAILED",
      hint: expect.stringContaining("ignore") as string,
    });
  });
});
