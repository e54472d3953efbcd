import { AppError } from "../domain/errors.ts";
import type { Release } from "../domain/release.ts";
import { readState } from "../engine/read-log.ts";
import { environmentOf, type AppContext } from "./context.ts";
import { readRelease } from "./releases.ts";

/** The release to promote: what the environment before serves now, byte for byte. Throws PROMOTION_SOURCE. */
export const releaseToPromote = async (context: AppContext, environment: string): Promise<Release> => {
  const { promotesFrom } = environmentOf(context, environment);
  if (promotesFrom === null)
    throw new AppError("PROMOTION_SOURCE", `${environment} is not promoted to from any environment.`, {
      hint: `set environments.${environment}.promotesFrom, or deploy: switchback deploy ${environment}`,
    });
  const { serving } = await readState(context.store, promotesFrom);
  const release = serving === null ? null : await readRelease(context.store, serving.release);
  if (release !== null) return release;
  throw new AppError(
    "PROMOTION_SOURCE",
    `${promotesFrom} serves no release that could be promoted to ${environment}.`,
    {
      hint: `switchback deploy ${promotesFrom}`,
    },
  );
};
