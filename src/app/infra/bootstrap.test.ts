import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../domain/errors.ts";
import { makeInfraWorld, tiny } from "../../../test/helpers/infra-world.ts";
import { bootstrapInfra } from "./bootstrap.ts";

let world: ReturnType<typeof makeInfraWorld>;
beforeEach(() => {
  world = makeInfraWorld();
  // As Terraform does: an apply without a backend leaves its state in the folder.
  const terraform = world.terraform("bootstrap");
  const { apply, init } = terraform;
  terraform.apply = async (request) => {
    await apply(request);
    if (!files().has("backend.tf")) files().set("terraform.tfstate", "{}");
  };
  terraform.init = async (request) => {
    await init(request);
    if (files().has("backend.tf") && files().has("terraform.tfstate")) {
      expect(request.migrate).toBe(true);
      moved += 1;
    }
  };
  moved = 0;
});
let moved = 0;
const files = () => world.folder("bootstrap").files;
const bootstrap = () => bootstrapInfra(world.context, "staging", world.request());
const died = () => new AppError("OUTCOME_UNKNOWN", "killed");

const expectDone = () => {
  expect([files().has("backend.tf"), files().has("terraform.tfstate"), moved]).toEqual([true, false, 1]);
  expect(files().get("backend.tf")).toContain("switchback-state-123456789012-eu-north-1");
};

test("the bucket is made with a local state, which then moves into it", async () => {
  expect(await bootstrap()).toMatchObject({
    outcome: "applied",
    folder: "infra/bootstrap",
    bucket: "switchback-state-123456789012-eu-north-1",
  });
  expectDone();
});

test("a second run changes nothing and asks nobody", async () => {
  await bootstrap();
  expect((await bootstrap()).outcome).toBe("nothing");
  expect(world.questions.length).toBe(1);
  expectDone();
});

test.each<[string, () => void]>([
  ["the first init", () => void (world.terraform("bootstrap").fail.init = died())],
  ["the plan", () => void (world.terraform("bootstrap").fail.plan = died())],
  ["the apply", () => void (world.terraform("bootstrap").fail.apply = died())],
])("killed at %s, the next run goes on", async (_where, fail) => {
  fail();
  await expect(bootstrap()).rejects.toThrow("killed");
  await bootstrap();
  expectDone();
});

test("killed after the apply, before the folder names the bucket, the next run goes on from the local state", async () => {
  const folder = world.folder("bootstrap");
  const { add } = folder;
  folder.add = (added) => ("backend.tf" in added ? Promise.reject(died()) : add(added));
  await expect(bootstrap()).rejects.toThrow("killed");
  folder.add = add;
  world.facts.state = "bucket";
  await bootstrap();
  expectDone();
});

test("killed while the state moves, the next run moves it", async () => {
  const terraform = world.terraform("bootstrap");
  const { init } = terraform;
  terraform.init = (request) => (request.migrate === true ? Promise.reject(died()) : init(request));
  await expect(bootstrap()).rejects.toThrow("killed");
  terraform.init = init;
  await bootstrap();
  expectDone();
});

test("a state that is in the bucket already is used, from a clone of the project too", async () => {
  world.facts.state = "state";
  await bootstrap();
  expect([files().has("backend.tf"), moved]).toEqual([true, 0]);
});

test("a bucket without our state is refused with both ways on, unless the configuration names it", async () => {
  world.facts.state = "bucket";
  await expect(bootstrap()).rejects.toMatchObject({
    code: "INFRA_STATE_MISSING",
    hint: expect.stringContaining('set aws.stateBucket to "switchback-state-123456789012-eu-north-1"'),
  });
  expect(world.questions.length).toBe(0);
  world.context.app = tiny({}, { aws: { stateBucket: "shared-states" } });
  await bootstrap();
  expect(files().get("backend.tf")).toContain("shared-states");
});

test("what is in the folder already is the user's, and stays", async () => {
  files().set("main.tf", "# mine");
  await bootstrap();
  expect(files().get("main.tf")).toBe("# mine");
});
