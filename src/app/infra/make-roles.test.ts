import { beforeEach, expect, test } from "vitest";
import { CONTRACT } from "../../../test/helpers/infra-project.ts";
import { ENDED_WELL, makeInfraWorld } from "../../../test/helpers/infra-world.ts";
import { AppError } from "../../domain/errors.ts";
import { applyInfra } from "./apply.ts";

const RECORD = "/switchback/tiny/staging/database-roles";
const database = (more: object = {}) => ({
  identifier: "tiny-staging",
  host: "tiny.example",
  port: 5432,
  name: "tiny",
  masterSecret: "arn:master",
  appSecret: "arn:app",
  migrateSecret: "arn:migrate",
  rolesTask: {
    taskDefinition: "arn:aws:ecs:eu-north-1:123456789012:task-definition/tiny-staging-database-roles:1",
    securityGroup: "sg-2",
    fingerprint: "0123456789abcdef",
    record: RECORD,
    ...more,
  },
});

let world: ReturnType<typeof makeInfraWorld>;
const setDatabase = (more: object = {}) =>
  void (world.terraform("staging").root.outputs = { contract: { ...CONTRACT, database: database(more) } });
const apply = () => applyInfra(world.context, "staging", world.request());
beforeEach(() => {
  world = makeInfraWorld();
  setDatabase();
});

test("the first apply runs the task in the contract's network, and tells what it is at", async () => {
  expect((await apply()).roles).toEqual({ outcome: "made", task: ENDED_WELL.task });
  expect(world.ran).toEqual([
    {
      region: "eu-north-1",
      cluster: CONTRACT.cluster.arn,
      taskDefinition: database().rolesTask.taskDefinition,
      subnets: CONTRACT.network.privateSubnets,
      securityGroup: "sg-2",
      assignPublicIp: false,
      purpose: "roles-0123456789abcdef",
    },
  ]);
  expect(world.phases.at(-1)).toBe("making the database's roles");
});

test("the next apply runs nothing, until passwords or definition are others", async () => {
  await apply();
  expect((await apply()).roles).toEqual({ outcome: "current", task: ENDED_WELL.task });
  expect(world.ran.length).toBe(1);
  setDatabase({ fingerprint: "fedcba9876543210" });
  expect((await apply()).roles.outcome).toBe("made");
  setDatabase({ fingerprint: "fedcba9876543210", taskDefinition: "arn:2" });
  expect((await apply()).roles.outcome).toBe("made");
  expect(world.ran.length).toBe(3);
});

test("a task that failed is an error with its lines, and runs again although there is nothing to apply", async () => {
  world.taskEnd = () => ({ ...ENDED_WELL, exitCode: 3, lines: ["psql: error"] });
  await expect(apply()).rejects.toMatchObject({
    code: "INFRA_ROLES_FAILED",
    context: { lines: ["psql: error"] },
  });
  expect(world.parameters.has(RECORD)).toBe(false);
  world.taskEnd = () => ENDED_WELL;
  expect(await apply()).toMatchObject({ outcome: "nothing", roles: { outcome: "made" } });
});

test("an apply that ended before it could note the roles makes them again", async () => {
  const { write } = world.context.parameters;
  world.context.parameters.write = () => Promise.reject(new AppError("INTERRUPTED", "killed"));
  await expect(apply()).rejects.toMatchObject({ code: "INTERRUPTED" });
  world.context.parameters.write = write;
  expect((await apply()).roles.outcome).toBe("made");
});

test("an app without a database has no roles", async () => {
  world.terraform("staging").root.outputs = { contract: CONTRACT };
  expect((await apply()).roles).toEqual({ outcome: "none", task: null });
  expect(world.ran).toEqual([]);
});
