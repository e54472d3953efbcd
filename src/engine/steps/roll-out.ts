import type { ObservedService } from "../../domain/observed.ts";
import { step } from "./step.ts";

type Numbers = Record<string, number>;

const positive = (numbers: Numbers): Numbers =>
  Object.fromEntries(Object.entries(numbers).filter(([, number]) => number > 0));

const same = (a: Numbers, b: Numbers): boolean => {
  const [left, right] = [positive(a), positive(b)];
  return (
    Object.keys(left).length === Object.keys(right).length &&
    Object.keys(left).every((key) => left[key] === right[key])
  );
};

const wantedIn = (service: ObservedService | undefined): Numbers =>
  positive(
    Object.fromEntries(Object.entries(service?.revisions ?? {}).map(([id, { wanted }]) => [id, wanted])),
  );

const sum = (numbers: Numbers): number => Object.values(numbers).reduce((total, number) => total + number, 0);

/** So many instances of each revision run and are healthy; what is left out is drained and stopped. */
export const setInstances = step({
  kind: "set-instances",
  effect: "changes",
  observe: async ({ service, counts }, { platform }, { signal }) => {
    const observed = (await platform.observe({ signal })).services[service];
    const healthy = Object.entries(counts).every(
      ([id, count]) => (observed?.revisions[id]?.healthy ?? 0) >= count,
    );
    return { done: healthy && same(wantedIn(observed), counts), before: wantedIn(observed) };
  },
  run: async ({ service, counts }, { platform }, context) => {
    await platform.setInstances(service, positive(counts), context);
    return null;
  },
  compensate: async ({ service }, before, { platform }, context) => {
    await platform.setInstances(service, before as Numbers, context);
  },
  receipt: ({ service, counts }, { before, reverted }) =>
    reverted
      ? { what: service, detail: `${sum(before as Numbers)} instances as before` }
      : { what: service, detail: `${sum(counts)} instances` },
});

/** New requests go by these percents. */
export const setWeights = step({
  kind: "set-weights",
  effect: "changes",
  observe: async ({ service, weights }, { platform }, { signal }) => {
    const now = (await platform.observe({ signal })).services[service]?.weights ?? {};
    return { done: same(now, weights), before: positive(now) };
  },
  run: async ({ service, weights }, { platform }, context) => {
    await platform.setWeights(service, positive(weights), context);
    return null;
  },
  compensate: async ({ service }, before, { platform }, context) => {
    await platform.setWeights(service, before as Numbers, context);
  },
  receipt: ({ service, weights }, { reverted }) => ({
    what: service,
    detail: reverted ? "traffic as before" : trafficText(positive(weights)),
  }),
});

const trafficText = (weights: Numbers): string => {
  const shares = Object.entries(weights);
  if (shares.length === 0) return "takes no traffic";
  if (shares.length === 1) return "takes all traffic";
  return `traffic ${shares.map(([revision, percent]) => `${percent} % to ${revision}`).join(", ")}`;
};
