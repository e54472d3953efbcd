import { hostname, userInfo } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { makeAwsFacts } from "./adapters/aws-infra/aws-facts.ts";
import { makeAwsParameters, makeAwsTasks } from "./adapters/aws-infra/aws-tasks.ts";
import { systemClock as clock } from "./adapters/system/clock.ts";
import { findProgram, type Program } from "./adapters/terraform/find-program.ts";
import { makeInfraFolder } from "./adapters/terraform/infra-folder.ts";
import { makeTerraform } from "./adapters/terraform/terraform.ts";
import type { InfraContext } from "./app/infra/context.ts";
import type { AppDefinition } from "./domain/app-definition.ts";
import { withQuietSdk } from "./quiet-sdk.ts";

/** The modules that come with the package, as seen from dist/ and from its chunks. */
const modules = (): string =>
  fileURLToPath(new URL("../terraform/modules", import.meta.url.replace("/chunks/", "/")));

/** The part of the composition root that `infra` needs. */
export const makeInfraContext = ({
  app,
  projectDir,
}: {
  app: AppDefinition;
  projectDir: string;
}): InfraContext => {
  const env: Record<string, string | undefined> = { ...process.env };
  const facts = makeAwsFacts({ env });
  const wanted = env["SWITCHBACK_TERRAFORM"] || null;
  const tasks = makeAwsTasks({ clock });
  const parameters = makeAwsParameters();
  let program: Promise<Program> | undefined;
  const find = (): Promise<Program> =>
    (program ??= findProgram({
      ...(wanted === null
        ? { wanted: app.aws.terraform, namedBy: "aws.terraform", cwd: projectDir }
        : { wanted, namedBy: "SWITCHBACK_TERRAFORM", cwd: process.cwd() }),
      env,
    }));
  const place = (name: string) => ({
    folder: join(projectDir, "infra", name),
    stateDir: join(projectDir, ".switchback/infra", name),
  });
  return {
    app,
    clock,
    facts: {
      rulesOf: (...asked) => withQuietSdk(() => facts.rulesOf(...asked)),
      hasState: (...asked) => withQuietSdk(() => facts.hasState(...asked)),
      nameServersOf: (...asked) => withQuietSdk(() => facts.nameServersOf(...asked)),
    },
    tasks: { run: (...asked) => withQuietSdk(() => tasks.run(...asked)) },
    parameters: {
      read: (...asked) => withQuietSdk(() => parameters.read(...asked)),
      write: (...asked) => withQuietSdk(() => parameters.write(...asked)),
    },
    folder: (name) =>
      makeInfraFolder({
        ...place(name),
        name: `infra/${name}`,
        env,
        version: async () => {
          const found = await find();
          return `${found.name} ${found.version}`;
        },
      }),
    terraform: (name) =>
      makeTerraform({
        ...place(name),
        program: find,
        folderName: `infra/${name}`,
        stateDirName: `.switchback/infra/${name}`,
        env,
        self: `${userInfo().username}@${hostname()}`,
        clock,
      }),
    moduleSource: (folder, module) =>
      relative(place(folder).folder, join(modules(), module)).replaceAll("\\", "/"),
  };
};
