import type { Binding } from "../../domain/binding.ts";
import type { DatabaseDefinition } from "../../domain/app-definition.ts";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import type { Release } from "../../domain/release.ts";
import type { ServiceSettings } from "../../ports/rehearser.ts";
import { environmentOf, type AppContext } from "../context.ts";
import { readRehearsal, saveRehearsal, saveSchema, schemaOf, type RecordedRehearsal } from "./records.ts";

export interface PairRequest {
  environment: string;
  from: { release: Release; binding: Binding } | null;
  to: { release: Release; binding: Binding };
  upTo: string | null;
  /** Address of the target for reading, when it has the schema of `from` now. */
  live: string | null;
  signal: AbortSignal;
  onProgress: (text: string) => void;
}

/** How a rehearsal is made, where the configuration has no database any more. */
const DEFAULTS: Pick<DatabaseDefinition, "limits" | "rehearse"> = {
  limits: { lockTimeoutMs: 2_000, statementTimeoutMs: 0, retries: 5 },
  rehearse: { enabled: true, warnMs: 200, blockMs: 2_000 },
};

export const migratingOf = ({
  app,
}: Pick<AppContext, "app">): Pick<DatabaseDefinition, "limits" | "rehearse"> => app.database ?? DEFAULTS;

const settingsOf = (binding: Binding | undefined): ServiceSettings =>
  Object.fromEntries(Object.entries(binding?.services ?? {}).map(([name, { env }]) => [name, env]));

/** The rehearsal of a pair of releases: the recorded one when its key is equal, else a new one, recorded create-only. */
export const rehearsePair = async (
  context: AppContext,
  request: PairRequest,
): Promise<RecordedRehearsal & { reused: boolean }> => {
  const { store } = context;
  const { environment, from, to, upTo, live, signal, onProgress } = request;
  const { limits, rehearse } = migratingOf(context);
  const rehearser = await context.rehearser(environment);
  const migrations = context.app.database?.migrations ?? null;
  const service = migrations === null ? undefined : context.app.services[migrations.service];
  const prepared = await rehearser.prepare(
    {
      environment,
      from: from?.release ?? null,
      to: to.release,
      settings: { from: settingsOf(from?.binding), to: settingsOf(to.binding) },
      smoke: environmentOf(context, environment).smoke,
      upTo,
      limits,
      thresholds: { warnMs: rehearse.warnMs, blockMs: rehearse.blockMs },
      live,
      recorded: from === null ? null : await schemaOf(store, from.release.id),
      folder: service === undefined ? null : `${service.path}/${migrations!.folder}`,
    },
    { signal },
  );
  const recorded = await readRehearsal(store, prepared.key);
  if (recorded !== null) return { ...recorded, reused: true };
  const rehearsal = await prepared.run({
    signal,
    onProgress,
    recordSchema: (script) => saveSchema(store, script),
  });
  return { ...(await saveRehearsal(store, whole(rehearsal, upTo))), reused: false };
};

/** A schema with which no release ends is nobody's to begin with. */
const whole = (rehearsal: Rehearsal, upTo: string | null): Rehearsal =>
  upTo === null ? rehearsal : { ...rehearsal, schema: null };
