import { expect, test } from "vitest";
import type { ServiceContract } from "../../../domain/contract.ts";
import type { RevisionSpec } from "../../../domain/revision.ts";
import { renderTaskDefinition, type TaskDefinitionRequest } from "./task-definition.ts";

const service: ServiceContract = {
  name: "rideshare-staging-api",
  family: "rideshare-staging-api",
  kind: "web",
  port: 3000,
  repository: "123456789012.dkr.ecr.eu-north-1.amazonaws.com/rideshare-api",
  executionRole: "arn:aws:iam::123456789012:role/execution",
  taskRole: "arn:aws:iam::123456789012:role/task",
  logGroup: "/ecs/rideshare-staging-api",
  targetGroups: null,
  productionRule: null,
  testRule: null,
  deploymentRole: null,
  alarms: [],
};

const spec: RevisionSpec = {
  service: "api",
  kind: "web",
  tree: "0".repeat(64),
  command: "node dist/server.js",
  route: "/api/*",
  health: {
    path: "/api/health",
    intervalMs: 1,
    timeoutMs: 1,
    healthyAfter: 1,
    unhealthyAfter: 1,
    startMs: 1,
  },
  stopMs: 30_500,
  cpu: 512,
  memoryMb: 1024,
  env: { LEVEL: "info", NODE_ENV: "staging" },
  secrets: { SESSION_SECRET: "v1" },
};

const request: TaskDefinitionRequest = {
  spec,
  revision: "abcdef012345",
  environment: "staging",
  region: "eu-north-1",
  service,
  image: `${service.repository}@sha256:${"7".repeat(64)}`,
  architecture: "ARM64",
  container: "api",
  secrets: {
    SESSION_SECRET: "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rideshare/staging/x:::v1",
    DATABASE_URL:
      "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rideshare/staging/database-app:url::",
  },
  backing: { BUCKET_UPLOADS_URL: "s3://uploads", NODE_ENV: "production" },
  tags: { "switchback:deployment": "d-0012", "switchback:release": "r-1" },
};

const container = (changed: Partial<TaskDefinitionRequest> = {}) =>
  renderTaskDefinition({ ...request, ...changed }).containerDefinitions![0]!;

test("the image is named by its digest, or there is no definition", () => {
  expect(container().image).toBe(request.image);
  for (const image of ["api:latest", `${service.repository}:staging-8c1e2f0`, "api@sha256:77ab"])
    expect(() => container({ image })).toThrow(/digest/);
});

test("secrets are references: no value of one is in the definition", () => {
  expect(container().secrets).toEqual([
    { name: "DATABASE_URL", valueFrom: request.secrets["DATABASE_URL"] },
    { name: "SESSION_SECRET", valueFrom: request.secrets["SESSION_SECRET"] },
  ]);
  expect(container().environment!.map(({ name }) => name)).not.toContain("SESSION_SECRET");
});

test("the configuration's values win over the infrastructure's, and what the platform says wins over both", () => {
  const env = { ...spec.env, PORT: "1", SWITCHBACK_SERVICE: "x" };
  const values = Object.fromEntries(
    container({ spec: { ...spec, env } }).environment!.map(({ name, value }) => [name, value]),
  );
  expect(values).toMatchObject({
    NODE_ENV: "staging",
    PORT: "3000",
    HOST: "0.0.0.0",
    SWITCHBACK_SERVICE: "api",
    BUCKET_UPLOADS_URL: "s3://uploads",
  });
});

test("equal requests give equal definitions whatever the order of their members", () => {
  const turned = Object.fromEntries(Object.entries(request.secrets).reverse());
  expect(renderTaskDefinition({ ...request, secrets: turned })).toEqual(renderTaskDefinition(request));
});

test("the program gets the signal that ends it, and as long as the configuration gives", () => {
  expect(container().command).toEqual(["sh", "-c", "exec node dist/server.js"]);
  expect(container({ spec: { ...spec, command: "a; b" } }).command).toEqual(["sh", "-c", "a; b"]);
  expect(container().stopTimeout).toBe(31);
});

test("a worker has no port, and logs lead to the revision", () => {
  const worker = container({ service: { ...service, kind: "worker", port: null } });
  expect(worker.portMappings).toEqual([]);
  expect(worker.environment!.map(({ name }) => name)).not.toContain("PORT");
  expect(worker.logConfiguration!.options).toMatchObject({ "awslogs-stream-prefix": "abcdef012345" });
});
