import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeSite } from "./make-site.ts";
import { awsPath, bundleProcess, ensurePrograms, measured, startServer, type Run } from "./programs.ts";
import { report, type Scenario, type Tool } from "./report.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const DELAY_MS = 30;
const SITE = { files: 5_000, bytes: 79_000_000 };
const CHANGED = 50;
const MANY = { files: 50_000, bytes: 79_000_000 };

const missing = ensurePrograms();
if (missing.includes("/usr/bin/time") || missing.includes("aws")) {
  process.stderr.write(`bench publish: missing: ${missing.join(", ")}\n0 passed, 1 failed\n`);
  process.exit(1);
}

const home = mkdtempSync(join(tmpdir(), "bench-publish-"));
const server = await startServer(DELAY_MS);
const node = process.execPath;
const own = await bundleProcess("publish-process");
const sdk = await bundleProcess("sdk-process");
const aws = awsPath();
const rclone = (transfers: number, more: string[]) => (bucket: string, folder: string) => [
  "rclone",
  "copy",
  folder,
  `:s3,provider=Other,env_auth=true,region=eu-north-1,endpoint='${server.url}':${bucket}`,
  "--checksum",
  "--no-update-modtime",
  `--transfers=${transfers}`,
  `--checkers=${transfers}`,
  ...more,
];

const cache = (bucket: string): string => join(home, `digests-${bucket}.json`);
const commands: Record<string, (bucket: string, folder: string) => string[]> = {
  Switchback: (bucket, folder) => [node, own, server.url, bucket, folder, cache(bucket)],
  "Switchback, storing the build first": (bucket, folder) => [
    node,
    own,
    server.url,
    bucket,
    folder,
    cache(bucket),
    join(home, `store-${bucket}`),
  ],
  "aws s3 sync": (bucket, folder) => [
    aws,
    "--endpoint-url",
    server.url,
    "s3",
    "sync",
    "--only-show-errors",
    folder,
    `s3://${bucket}`,
  ],
  ...(missing.includes("rclone")
    ? {}
    : {
        "rclone, 64 transfers": rclone(64, []),
        "rclone, 128, no head": rclone(128, ["--s3-no-head", "--s3-no-check-bucket"]),
      }),
  "AWS SDK v3, 64": (bucket, folder) => [node, sdk, server.url, bucket, folder],
};

/** Each tool with a bucket of its own, cold; the same again; and another build, every file of which was just written. */
const round = async (number: number): Promise<Tool[]> => {
  const [first, second] = [join(home, `first${number}`), join(home, `second${number}`)];
  makeSite(first, { ...SITE, changed: 0 });
  const tools: Tool[] = [];
  for (const [name, command] of Object.entries(commands)) {
    const bucket = `${name.replaceAll(/\W+/g, "-").toLowerCase()}-${number}`;
    const run = (folder: string): Promise<Run> =>
      measured(command(bucket, folder), server, join(home, "time"));
    const [cold, same] = [await run(first), await run(first)];
    // Anew for each: as after a checkout, every file is younger than what was sent.
    rmSync(second, { recursive: true, force: true });
    makeSite(second, { ...SITE, changed: CHANGED });
    const runs: Record<Scenario, Run> = { cold, same, ci: await run(second) };
    await server.forget();
    tools.push({ name, runs });
    const times = Object.values(runs).map(({ wallMs }) => (wallMs / 1_000).toFixed(2));
    process.stderr.write(`round ${number}: ${name}: ${times.join(", ")} s\n`);
  }
  rmSync(first, { recursive: true });
  rmSync(second, { recursive: true });
  return tools;
};

try {
  const rounds: Tool[][] = [];
  for (let number = 1; number <= ROUNDS; number++) rounds.push(await round(number));
  const many = join(home, "many");
  makeSite(many, { ...MANY, changed: 0 });
  const large = await measured(
    [node, own, server.url, "many", many, cache("many")],
    server,
    join(home, "time"),
  );
  const { text, failed } = report({ rounds, large, missing, changed: CHANGED, files: SITE.files });
  mkdirSync("bench/results", { recursive: true });
  writeFileSync("bench/results/publish.md", text);
  process.stdout.write(text);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
}
