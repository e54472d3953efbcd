import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import type { AppConfig } from "../../src/config/app-config.ts";
import { parseApp } from "../../src/config/parse-app.ts";
import type { AppDefinition } from "../../src/domain/app-definition.ts";
import { bootstrapFiles } from "../../src/infra/bootstrap-files.ts";
import { bootstrapsFor } from "../../src/infra/bootstrap.ts";
import { diffEnvironments } from "../../src/infra/environment-diff.ts";
import { notesFor } from "../../src/infra/notes.ts";
import { rootFiles } from "../../src/infra/root-files.ts";
import { variablesFor } from "../../src/infra/variables.ts";

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/rideshare");
const modules = "../../../../terraform/modules";

const exampleApp = async (): Promise<AppDefinition> => {
  const { outputFiles } = await build({
    entryPoints: [join(example, "switchback.config.ts")],
    alias: { switchback: join(root, "src/index.ts") },
    bundle: true,
    write: false,
    format: "esm",
  });
  const code = Buffer.from(outputFiles[0]!.contents).toString("base64");
  const { default: config } = (await import(`data:text/javascript;base64,${code}`)) as { default: AppConfig };
  return parseApp(config, { file: "switchback.config.ts" });
};

const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith(".tf") || name === ".gitignore")
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

test("the root folders of the example are what is generated", async () => {
  const app = await exampleApp();
  for (const environment of ["staging", "production"])
    expect(filesIn(join(example, "infra", environment))).toEqual(
      rootFiles({ app, environment, moduleSource: `${modules}/app` }),
    );
  const [bootstrap, ...others] = bootstrapsFor(app);
  expect(others).toEqual([]);
  expect(filesIn(join(example, "infra/bootstrap"))).toEqual(
    bootstrapFiles({ bootstrap: bootstrap!, moduleSource: `${modules}/bootstrap` }),
  );
});

test("its staging and production can be made, and nothing is rounded or overlaps", async () => {
  const app = await exampleApp();
  for (const environment of ["staging", "production"]) {
    expect(variablesFor(app, environment).app).toMatchObject({ name: "rideshare", environment });
    expect(notesFor(app, environment)).toEqual([]);
  }
});

test("they differ in size, not in shape", async () => {
  const { shape, size } = diffEnvironments(await exampleApp(), ["staging", "production"]);
  expect(shape).toEqual([]);
  expect(size.length).toBeGreaterThan(10);
});
