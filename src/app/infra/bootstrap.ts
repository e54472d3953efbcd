import { AppError } from "../../domain/errors.ts";
import { bootstrapBackendFile, bootstrapFiles } from "../../infra/bootstrap-files.ts";
import { bootstrapsFor, type Bootstrap } from "../../infra/bootstrap.ts";
import { checkInfra } from "../../infra/check-infra.ts";
import { VARIABLES_FILE } from "../../infra/root-files.ts";
import type { InfraFolder } from "../../ports/infra.ts";
import { applySaved, type Applied, type ApplyRequest } from "./apply-plan.ts";
import type { InfraContext } from "./context.ts";
import type { Root } from "./make-plan.ts";

export interface InfraBootstrapped extends Applied {
  folder: string;
  account: string;
  region: string;
  bucket: string;
}

const BACKEND_FILE = "backend.tf";
const LOCAL_STATE = "terraform.tfstate";

/**
 * What an account needs before its environments: the bucket for states, made by Terraform whose own state then moves into
 * it. Killed at any point, the next run goes on: the bucket is made with a local state, `backend.tf` is written when it is
 * there, and a local state that was not moved yet is moved by the next init.
 */
export const bootstrapInfra = async (
  context: InfraContext,
  environment: string,
  request: ApplyRequest,
): Promise<InfraBootstrapped> => {
  checkInfra(context.app, environment);
  const bootstrap = bootstrapsFor(context.app).find(({ environments }) =>
    environments.includes(environment),
  )!;
  const folder = context.folder(bootstrap.folder);
  const root: Root = { folder, terraform: context.terraform(bootstrap.folder) };
  await root.terraform.version();
  if (!(await folder.isThere()))
    await folder.add(
      bootstrapFiles({ bootstrap, moduleSource: context.moduleSource(bootstrap.folder, "bootstrap") }),
    );
  await folder.write(VARIABLES_FILE, `${JSON.stringify(bootstrap.variables, null, 2)}\n`);
  await adopt(context, bootstrap, folder, request);
  await initialise(root, request);
  const applied = await applySaved(context, root, request);
  if (!(await folder.has(BACKEND_FILE))) {
    await folder.add(bootstrapBackendFile(bootstrap));
    await initialise(root, request);
  }
  const { account, region } = bootstrap;
  return { ...applied, folder: folder.path, account, region, bucket: bootstrap.backend.bucket };
};

/** A state that is in the bucket already, from another machine or a clone of the project, is used instead of a new one. */
const adopt = async (
  { app, facts }: InfraContext,
  bootstrap: Bootstrap,
  folder: InfraFolder,
  { interrupt }: ApplyRequest,
): Promise<void> => {
  if ((await folder.has(BACKEND_FILE)) || (await folder.has(LOCAL_STATE))) return;
  const { bucket } = bootstrap.backend;
  const there = await facts.hasState(bootstrap.backend, { signal: interrupt });
  if (there === "state" || (there === "bucket" && app.aws.stateBucket !== null))
    await folder.add(bootstrapBackendFile(bootstrap));
  else if (there === "bucket")
    throw new AppError(
      "INFRA_STATE_MISSING",
      `The bucket ${bucket} is there, and holds no state of ${folder.path}.`,
      {
        hint: `where another app made it: set aws.stateBucket to "${bucket}"; where a bootstrap was interrupted on another machine: run it there again`,
        context: { bucket, key: bootstrap.backend.key },
      },
    );
};

/** Terraform empties the local state once it is moved, and leaves the file. */
const initialise = async ({ folder, terraform }: Root, request: ApplyRequest): Promise<void> => {
  const moves = (await folder.has(BACKEND_FILE)) && (await folder.has(LOCAL_STATE));
  request.onPhase(
    moves ? `moving the state of ${folder.path} into its bucket` : `initialising ${folder.path}`,
  );
  await terraform.init({ ...request, migrate: moves });
  if (moves) await folder.remove(LOCAL_STATE);
};
