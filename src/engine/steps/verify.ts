import { count } from "../../domain/count.ts";
import { canonicalJson } from "../../domain/digest.ts";
import { AppError } from "../../domain/errors.ts";
import { judgeGates, type GateVerdict } from "../../domain/gates.ts";
import type { Watched } from "../../domain/plan.ts";
import { notYet, step } from "./step.ts";

const LOOK_EVERY_MS = 250;
/** Between two progress texts while baking. */
const percentOf = (rate: number): string => `${(rate * 100).toFixed(1)} %`;

/** Requests through the front door get the expected answers. */
export const smoke = step({
  kind: "smoke",
  effect: "reads",
  observe: notYet,
  run: async ({ checks }, { platform }, { signal }) => {
    for (const check of checks) await platform.smoke(check, { signal });
    return null;
  },
  detail: ({ checks }) => `${checks.length} passed`,
});

/** The candidates keep the gates for the whole time. A resumed bake starts anew: what nobody watched does not count. */
export const bake = step({
  kind: "bake",
  effect: "reads",
  observe: notYet,
  run: async ({ watched, forMs, gates }, { platform, clock }, { signal, onProgress }) => {
    const startedMs = clock.monotonicMs();
    for (;;) {
      const elapsedMs = clock.monotonicMs() - startedMs;
      const verdicts = await Promise.all(
        watched.map(async ({ service, revision }) => ({
          watched: { service, revision },
          // One second more, so that nothing falls between two looks.
          verdict: judgeGates(await platform.metrics(service, revision, elapsedMs + 1000, { signal }), gates),
        })),
      );
      const broken = verdicts.find(({ verdict }) => !verdict.holds);
      if (broken !== undefined) throw gateFailed(broken.watched, broken.verdict);
      if (elapsedMs >= forMs)
        return { requests: verdicts.reduce((sum, { verdict }) => sum + verdict.requests, 0) };
      onProgress?.(`bake ${Math.round(elapsedMs / 1000)} of ${Math.round(forMs / 1000)} s`);
      await clock.sleep(Math.min(LOOK_EVERY_MS, forMs - elapsedMs), signal);
    }
  },
  detail: (_action, outputs) => {
    const requests = (outputs as { requests: number } | null)?.requests ?? 0;
    return requests === 0 ? "no requests seen" : `over ${count(requests, "request")}`;
  },
});

const gateFailed = ({ service, revision }: Watched, verdict: GateVerdict): AppError =>
  new AppError(verdict.outOfMemory ? "OUT_OF_MEMORY" : "GATE_FAILED", `${service}: ${verdict.why}.`, {
    hint: `switchback logs ENVIRONMENT ${service}`,
    context: {
      service,
      revision,
      requests: verdict.requests,
      errorRate: percentOf(verdict.errorRate),
      users: `${verdict.errors} of ${verdict.requests} requests to the candidate failed`,
      lines: verdict.lines.slice(-10),
    },
  });

/** Read anew, just before it counts: exactly what was asked for serves, and nothing else takes traffic. */
export const confirm = step({
  kind: "confirm",
  effect: "reads",
  observe: notYet,
  run: async ({ services, sites }, { platform }, { signal }) => {
    const observed = await platform.observe({ signal });
    for (const [service, { revision, routed }] of Object.entries(services)) {
      const now = observed.services[service];
      const { wanted = 0, healthy = 0 } = now?.revisions[revision] ?? {};
      if (wanted === 0 || healthy < wanted)
        throw notServing(service, `${healthy} of ${wanted} instances of ${revision} are healthy`);
      const weights = Object.entries(now?.weights ?? {}).filter(([, weight]) => weight > 0);
      if (routed && (weights.length !== 1 || weights[0]![0] !== revision))
        throw notServing(service, `traffic does not go to ${revision} alone`);
    }
    for (const [site, spec] of Object.entries(sites))
      if (canonicalJson(observed.sites[site]?.spec) !== canonicalJson(spec))
        throw notServing(site, "the site serves other files");
    return null;
  },
  detail: () => "what was asked for is serving",
});

const notServing = (what: string, why: string): AppError =>
  new AppError("STEP_FAILED", `${what} does not serve what was asked for: ${why}.`, {
    context: { subject: what },
  });
