#!/usr/bin/env node
import { runPlain } from "./migrations/plain/command-line.ts";

process.exitCode = await runPlain(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
});
