import { rootFiles, VARIABLES_FILE } from "../../infra/root-files.ts";
import { variablesFor } from "../../infra/variables.ts";
import type { InfraFolder, Terraform } from "../../ports/infra.ts";
import type { InfraContext, InfraSession } from "./context.ts";

export interface Prepared {
  folder: InfraFolder;
  terraform: Terraform;
  /** Files that were made just now and are the user's from here on; empty from the second run on. */
  generated: string[];
}

/**
 * The root folder of an environment, ready for Terraform: made when there is none, its files left alone when there is, the
 * variables written anew from the configuration. Safe to run again after any interruption.
 */
export const prepare = async (
  context: InfraContext,
  environment: string,
  session: InfraSession,
): Promise<Prepared> => {
  const variables = variablesFor(context.app, environment);
  const folder = context.folder(environment);
  const terraform = context.terraform(environment);
  await terraform.version();
  const generated = (await folder.isThere())
    ? []
    : await folder.add(
        rootFiles({
          app: context.app,
          environment,
          moduleSource: context.moduleSource(environment, "app"),
        }),
      );
  await folder.write(VARIABLES_FILE, `${JSON.stringify(variables, null, 2)}\n`);
  session.onPhase(`initialising ${folder.path}`);
  await terraform.init(session);
  return { folder, terraform, generated };
};
