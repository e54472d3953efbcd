import { AppError } from "../../../domain/errors.ts";
import type { EffectContext } from "../../../ports/platform.ts";
import type { Ledger } from "./ledger.ts";
import type { LedgerStore, Standing } from "./ledger-store.ts";

/** The ledger as one deployment after the other reads and writes it. */
export interface LedgerSession {
  /** Throws FENCED when a later epoch has written. */
  read(context: EffectContext): Promise<Standing>;
  /** As this deployment wrote or read it last, without asking again: replacing it says when it is no longer so. */
  recall(context: EffectContext): Promise<Standing>;
  write(ledger: Ledger, before: Standing, context: EffectContext): Promise<Standing>;
}

export const makeLedgerSession = (ledgers: LedgerStore, site: string): LedgerSession => {
  let known: { standing: Standing; deployment: string; epoch: number } | null = null;
  const remember = (standing: Standing, { deployment, epoch }: EffectContext): Standing => {
    known = { standing, deployment, epoch };
    return standing;
  };
  const read = async (context: EffectContext): Promise<Standing> => {
    const standing = await ledgers.read(context.signal);
    const { epoch } = standing.ledger;
    if (epoch > context.epoch)
      throw new AppError("FENCED", `A later deployer has published the site ${site}.`, {
        hint: "see what it did: switchback status",
        context: { site, epoch: context.epoch, later: epoch },
      });
    if (standing.damaged) context.onProgress?.("the site's record is damaged: everything is sent again");
    return remember(standing, context);
  };
  return {
    read,
    recall: async (context) =>
      known !== null && known.deployment === context.deployment && known.epoch === context.epoch
        ? known.standing
        : read(context),
    write: async (ledger, before, context) => {
      // Whatever comes of it, what was known is over.
      known = null;
      const next = { ...ledger, epoch: context.epoch };
      return remember(await ledgers.write(next, before, context.signal), context);
    },
  };
};
