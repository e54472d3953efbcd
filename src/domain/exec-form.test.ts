import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { execForm } from "./exec-form.ts";

describe("the shell makes way for the program", () => {
  test.each([
    ["node server.js", "exec node server.js"],
    ["  node server.js  ", "exec node server.js"],
    ["NODE_ENV=test A='b c' node x.js", "exec env NODE_ENV=test A='b c' node x.js"],
    [`node -e "setTimeout(1)"`, null],
    [`node -e 'a(); b() && c'`, `exec node -e 'a(); b() && c'`],
    [`node x --name "a $B"`, `exec node x --name "a $B"`],
    ["cd api && npm run build && node x.js", "cd api && npm run build && exec node x.js"],
    ["./run $PORT", "exec ./run $PORT"],
    [`"/opt/my node/bin/node" x.js`, `exec "/opt/my node/bin/node" x.js`],
  ])("%s", (command, expected) => {
    expect(execForm(command)).toEqual(
      expected === null ? { command, direct: false } : { command: expected, direct: true },
    );
  });
});

describe("the shell stays where it has work to do", () => {
  test.each([
    "a; b",
    "a | b",
    "a || b",
    "a & b",
    "a &",
    "a > file",
    "(a)",
    "{ a; }",
    "$PROGRAM x",
    "if true; then a; fi",
    "! a",
    "cd api",
    "a && cd api",
    "exec a",
    `"cd" api`,
    `"$PROGRAM" x`,
    ". ./env",
    "A=1",
    "a\nb",
    "a # b",
    "a `b`",
    `a "$(b)"`,
    "a 'unclosed",
    "",
    "a &&",
    "&& a",
    "a && b & c",
  ])("%s", (command) => {
    expect(execForm(command)).toEqual({ command, direct: false });
  });
});

test.each([
  "echo one two",
  "printf %s\\n a",
  "A=1 B='x  y' env",
  `ls "/" '/etc/hostname'`,
  "false && echo never",
  "true && ls /nowhere",
  "cd / && ls -d ./etc",
  "cd /nowhere && ls",
  "nosuchprogram --x",
  "/bin/echo $HOME ${HOME}/x *.nothing",
  "/bin/echo a=b {c,d} ~",
  "A=$HOME /bin/echo '$A' \"$A\"",
])("prints and exits the same in both forms: %s", (command) => {
  const run = (text: string) => {
    const { status, stdout } = spawnSync("/bin/sh", ["-c", text], {
      env: { PATH: "/usr/bin:/bin", HOME: "/home/someone" },
      encoding: "utf8",
      cwd: "/",
    });
    // `env` has no order, and some shells tell it of its own name.
    const lines = stdout.split("\n").filter((line) => !line.startsWith("_="));
    return { status, lines: lines.sort() };
  };
  expect(run(execForm(command).command)).toEqual(run(command));
});
