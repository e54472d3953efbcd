import { expect, test } from "vitest";
import type { EnvironmentDefinition } from "../domain/app-definition.ts";
import type { DeploymentAction } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import { planDeployment } from "./plan-deployment.ts";

const release = {
  id: "1".repeat(64),
  services: {
    api: { kind: "worker", tree: "2".repeat(64), command: "node main.js", route: null, secrets: {} },
  },
  sites: {},
  database: { engine: "postgresql", version: 18 },
  migrations: { service: "api", folder: "m", up: "up", down: null, status: "status", names: ["1", "2"] },
  cache: false,
  buckets: [],
} as unknown as Release;
const definition = { strategy: { type: "rolling", batch: 1 }, smoke: [], bakeMs: 0 };

/** The phases that run for a database with these migrations; null: nobody knows. */
const phases = (action: DeploymentAction, schema: string[] | null): string[] =>
  planDeployment({
    environment: "staging",
    definition: definition as unknown as EnvironmentDefinition,
    action,
    release,
    binding: {
      services: { api: { instances: 1, cpu: 256, memoryMb: 256, env: {}, secrets: {} } },
      sites: {},
    },
    observed: { services: {}, sites: {}, schema, urls: [] },
    wayBack: { trees: [] },
  }).steps.map(({ phase }) => phase);

test("a rollback runs migrations only when one of them may be missing", () => {
  expect(phases("rollback", ["1", "2", "3"])).not.toContain("expand");
  expect(phases("rollback", ["1"])).toContain("expand");
  expect(phases("rollback", null)).toContain("expand");
});

test("a deploy always asks the database itself", () => {
  expect(phases("deploy", ["1", "2"])).toContain("expand");
});
