import { z } from "zod";
import type { SmokeCheck } from "../../../domain/app-definition.ts";
import { AppError, type AppErrorJson } from "../../../domain/errors.ts";
import type { RevisionSpec, SiteSpec } from "../../../domain/revision.ts";
import type { BackingSpec, CommandResult, MigrationResult } from "../../../ports/platform.ts";

/**
 * HTTP with JSON over a unix socket. Every POST is answered with lines of JSON: any number of `progress`, then one `ok` or
 * one `error`. A client that goes away does not end an effect: it goes on until it is so, cancelled by its id, or fenced.
 */
export type Answer = { progress: string } | { ok: unknown } | { error: AppErrorJson };

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/i);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const revision = z.string().regex(/^[0-9a-f]{12}$/);
const strings = z.record(z.string(), z.string());
const count = z.number().int().min(0).max(1_000);

// Loose: what a newer client adds to a spec is part of the spec's id.
const health = z.looseObject({
  path: z.string().startsWith("/"),
  intervalMs: z.number().positive(),
  timeoutMs: z.number().positive(),
  healthyAfter: z.number().int().positive(),
  unhealthyAfter: z.number().int().positive(),
  startMs: z.number().positive(),
});
const revisionSpec = z.looseObject({
  service: name,
  kind: z.enum(["web", "worker"]),
  tree: digest,
  command: z.string(),
  route: z.string().nullable(),
  health,
  stopMs: z.number().nonnegative(),
  cpu: z.number(),
  memoryMb: z.number().positive(),
  env: strings,
  secrets: strings,
}) as unknown as z.ZodType<RevisionSpec>;
const siteSpec = z.looseObject({
  site: name,
  tree: digest,
  route: z.string(),
  fallback: z.string(),
  settings: strings,
}) as unknown as z.ZodType<SiteSpec>;
const backingSpec = z.looseObject({
  database: z.looseObject({ engine: z.literal("postgresql"), version: z.number().int() }).nullable(),
  cache: z.boolean(),
  buckets: z.array(name),
}) as unknown as z.ZodType<BackingSpec>;

export const EFFECT_INPUTS = {
  "ensure-backing": z.object({ backing: backingSpec }),
  "stage-revision": z.object({ revision, spec: revisionSpec, release: digest }),
  "stage-site": z.object({ site: siteSpec }),
  "set-instances": z.object({ service: name, counts: z.record(revision, count) }),
  "set-weights": z.object({ service: name, weights: z.record(revision, z.number().min(0).max(100)) }),
  "switch-site": z.object({
    site: name,
    to: z.object({ spec: siteSpec, release: digest }).nullable(),
  }),
  "run-command": z.object({ command: z.string(), spec: revisionSpec }),
  "run-migration": z.object({
    command: z.string(),
    limits: z.object({ lockTimeoutMs: z.number().positive(), statementTimeoutMs: z.number().nonnegative() }),
    spec: revisionSpec,
  }),
  retire: z.object({
    revisions: z.record(name, z.array(revision)),
    trees: z.array(digest),
    warmMs: z.number().nonnegative(),
  }),
  settle: z.object({}),
};

export type EffectName = keyof typeof EFFECT_INPUTS;
export type EffectInput<E extends EffectName> = z.infer<(typeof EFFECT_INPUTS)[E]>;

export interface EffectOutputs extends Record<EffectName, unknown> {
  "ensure-backing": { notes: string[] };
  "stage-revision": null;
  "stage-site": null;
  "set-instances": null;
  "set-weights": null;
  "switch-site": null;
  "run-command": CommandResult;
  "run-migration": MigrationResult;
  retire: null;
  settle: null;
}

export const EFFECT_REQUEST = z.object({
  /** Made up by the client; names the effect when it is to be cancelled. */
  id: z.string().min(1).max(64),
  epoch: z.number().int().nonnegative(),
  deployment: z.string().max(64),
  input: z.unknown(),
});
/** Of a command that is part of no deployment. */
export const ONE_OFF_REQUEST = EFFECT_REQUEST.extend({ epoch: z.null(), deployment: z.null() });
export const CANCEL_REQUEST = z.object({ id: z.string().min(1).max(64) });
export const OBSERVE_REQUEST = z.object({ epoch: z.number().int().nonnegative().optional() });
export const METRICS_REQUEST = z.object({ service: name, revision, sinceMs: z.number().nonnegative() });
export const COUNT_REQUEST = z.object({
  questions: z.array(z.object({ table: z.string(), column: z.string().nullable() })).max(1_000),
});
export const SMOKE_REQUEST = z.object({
  check: z.object({
    path: z.string().startsWith("/"),
    status: z.number().int(),
    contains: z.string().nullable(),
  }) satisfies z.ZodType<SmokeCheck>,
});
export const ENVIRONMENT_NAME = name;

/** Throws USAGE that says where the value is not as it must be; never shows the value. */
export const parseWith = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new AppError("USAGE", `the request is not understood: ${where} ${issue?.message ?? ""}`, {
    hint: "the command and the supervisor may be of different versions: restart it with switchback up",
  });
};
