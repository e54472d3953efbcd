import type { Environment } from "./environment.ts";
import { runCommand } from "./commands.ts";
import { runMigration } from "./migrations.ts";
import { setInstances, type EffectRun } from "./instances.ts";
import type { EffectInput, EffectName, EffectOutputs } from "./protocol.ts";
import { retire, settle, stageRevision } from "./revisions.ts";
import { stageSite, switchSite } from "./sites.ts";
import { setWeights } from "./traffic.ts";

export interface EffectContext extends EffectRun {
  environment: Environment;
  deployment: string;
  /** Removes the trees that no environment needs. */
  sweep: () => Promise<void>;
}

interface EffectDefinition<E extends EffectName> {
  /** Effects of one environment with an equal key run one after the other. */
  key: (input: EffectInput<E>) => string;
  act: (input: EffectInput<E>, context: EffectContext) => Promise<EffectOutputs[E]>;
}

export const EFFECTS: { [E in EffectName]: EffectDefinition<E> } = {
  "ensure-backing": {
    key: () => "backing",
    act: async ({ backing }, { environment }) => {
      const { notes } = await environment.deps.backing.ensure(environment.name, backing);
      await environment.change((state) => ({ ...state, backing }));
      return { notes };
    },
  },
  "stage-revision": {
    key: ({ spec }) => `service ${spec.service}`,
    act: async (staged, { environment, deployment }) => {
      await stageRevision(environment, staged, deployment);
      return null;
    },
  },
  "stage-site": {
    key: ({ site }) => `site ${site.site}`,
    act: async ({ site }, { environment }) => {
      await stageSite(environment, site);
      return null;
    },
  },
  "set-instances": {
    key: ({ service }) => `service ${service}`,
    act: async (input, context) => {
      await setInstances(context.environment, input, context);
      return null;
    },
  },
  "set-weights": {
    key: ({ service }) => `service ${service}`,
    act: async (input, { environment }) => {
      await setWeights(environment, input);
      return null;
    },
  },
  "switch-site": {
    key: ({ site }) => `site ${site}`,
    act: async (input, { environment }) => {
      await switchSite(environment, input);
      return null;
    },
  },
  "run-command": {
    // A command may take long, and must not keep the service's instances from being changed.
    key: ({ spec }) => `command ${spec.service}`,
    act: (input, context) => runCommand(context.environment, input, context),
  },
  "run-migration": {
    key: () => "migrations",
    act: (input, context) => runMigration(context.environment, input, context),
  },
  retire: {
    key: () => "retire",
    act: async (keep, { environment, sweep }) => {
      await retire(environment, keep, sweep);
      return null;
    },
  },
  settle: {
    key: () => "settle",
    act: async (_input, { environment }) => {
      await settle(environment);
      return null;
    },
  },
};
