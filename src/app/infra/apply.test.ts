import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../domain/errors.ts";
import { makeInfraWorld, tiny } from "../../../test/helpers/infra-world.ts";
import { applyInfra } from "./apply.ts";
import { destroyInfra } from "./destroy.ts";
import { infraDrift } from "./drift.ts";
import { outputsOf } from "./outputs.ts";
import { planInfra } from "./plan.ts";

let world: ReturnType<typeof makeInfraWorld>;
beforeEach(() => void (world = makeInfraWorld()));

const plan = () => planInfra(world.context, "staging", world.session);
const apply = (allowed: string[] = []) => applyInfra(world.context, "staging", world.request(allowed));
const destroy = (allowed: string[] = []) => destroyInfra(world.context, "staging", world.request(allowed));
const applied = () => world.terraform("staging").calls.filter((call) => call === "apply").length;

/** A database that every plan of the environment would replace, or destroy. */
const endangerDatabase = (actions = ["delete", "create"], more: object = {}) => {
  const values = { id: "db-1", identifier: "tiny-staging", db_name: "tiny", ...more };
  world.terraform("staging").extra = [
    {
      address: "module.app.aws_db_instance.this",
      module_address: "module.app",
      mode: "managed",
      type: "aws_db_instance",
      change: {
        actions,
        before: values,
        after: actions.length === 2 ? { ...values, db_name: "other" } : null,
        after_unknown: {},
        replace_paths: [["db_name"]],
      },
    },
  ];
};

test("the first plan makes the root folder, and no later one touches its files", async () => {
  expect((await plan()).generated).toEqual(["main.tf", "variables.tf", ".gitignore"]);
  const { files } = world.folder("staging");
  files.set("main.tf", "# mine");
  files.delete("variables.tf");
  expect((await plan()).generated).toEqual([]);
  expect(files.get("main.tf")).toBe("# mine");
  expect(files.has("variables.tf")).toBe(false);
});

test("the variables are written anew at each run", async () => {
  await plan();
  const { files } = world.folder("staging");
  files.set("app.auto.tfvars.json", "{}");
  await plan();
  expect(JSON.parse(files.get("app.auto.tfvars.json")!)).toMatchObject({
    region: "eu-north-1",
    account: "123456789012",
    app: { name: "tiny", environment: "staging" },
  });
});

test("the plan that was saved is the one that is applied, and then it is spent", async () => {
  await plan();
  expect(await apply()).toMatchObject({ outcome: "applied", contract: { environment: "staging" } });
  expect(world.questions.map(({ origin }) => origin)).toEqual(["saved"]);
  expect(world.terraform("staging").calls.filter((call) => call === "plan").length).toBe(1);
  expect(world.folder("staging").saved).toBeNull();
  expect(await apply()).toMatchObject({ outcome: "nothing" });
  expect(applied()).toBe(1);
});

test.each<[string, () => void]>([
  ["a file of the folder", () => void world.folder("staging").files.set("more.tf", "")],
  ["the configuration", () => void (world.context.app = tiny({ logDays: 90 }))],
])("after a change of %s the saved plan is not applied: a new one is shown first", async (_what, change) => {
  await plan();
  change();
  await apply();
  expect(world.questions.map(({ origin }) => origin)).toEqual(["stale"]);
});

test("after a change of the state by somebody else a new plan is shown, and only that is applied", async () => {
  await plan();
  world.answer = async ({ origin }) => {
    if (origin === "saved") world.terraform("staging").changeBehind();
  };
  expect((await apply()).outcome).toBe("applied");
  expect(world.questions.map(({ origin }) => origin)).toEqual(["saved", "stale"]);
});

test("an apply that was begun and not finished goes on with a plan for what is left", async () => {
  await plan();
  world.terraform("staging").fail.apply = new AppError("OUTCOME_UNKNOWN", "killed");
  await expect(apply()).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  expect((await apply()).outcome).toBe("applied");
  expect(world.questions.map(({ origin }) => origin)).toEqual(["saved", "begun"]);
});

test("who says no leaves everything as it is, and the plan is kept", async () => {
  await plan();
  world.answer = () => Promise.reject(new AppError("INFRA_UNCONFIRMED", "no"));
  await expect(apply()).rejects.toMatchObject({ code: "INFRA_UNCONFIRMED" });
  expect(applied()).toBe(0);
  world.answer = () => Promise.resolve();
  await apply();
  expect(world.questions.map(({ origin }) => origin)).toEqual(["saved", "saved"]);
});

test("a database that would be replaced is asked for by its name, unless its address was named", async () => {
  endangerDatabase();
  await plan();
  world.answer = () => Promise.reject(new AppError("INFRA_DANGER", "no"));
  await expect(apply()).rejects.toMatchObject({ code: "INFRA_DANGER" });
  expect(world.questions[0]!.open).toMatchObject([{ name: "tiny-staging", because: ["db_name"] }]);
  expect(applied()).toBe(0);
  world.answer = () => Promise.resolve();
  await apply(["module.app.aws_db_instance.this"]);
  expect(world.questions[1]!.open).toEqual([]);
});

test("an address that fits nothing is an error before anybody is asked", async () => {
  await plan();
  await expect(apply(["module.app.aws_db_instance.this"])).rejects.toMatchObject({
    code: "INFRA_ALLOW_STALE",
  });
  expect([world.questions.length, applied()]).toEqual([0, 0]);
});

test("outputs are the contract, checked; there are none before the first apply", async () => {
  await expect(outputsOf(world.context, "staging", world.session)).rejects.toMatchObject({
    code: "INFRA_ABSENT",
    hint: "switchback infra plan staging",
  });
  await apply();
  expect(await outputsOf(world.context, "staging", world.session)).toMatchObject({ app: "tiny", version: 1 });
  world.terraform("staging").root.outputs = { contract: { version: 1 } };
  await expect(apply()).rejects.toMatchObject({ code: "CONTRACT_INVALID" });
});

test("destroy makes its own plan and takes everything away", async () => {
  await apply();
  await plan();
  expect(await destroy()).toMatchObject({ outcome: "applied", summary: { counts: { destroy: 1 } } });
  expect(world.questions.at(-1)!.origin).toBe("made");
  expect(world.terraform("staging").instances.size).toBe(0);
  world.terraform("staging").root.outputs = {};
  expect((await destroy()).outcome).toBe("nothing");
});

test("a plan to destroy that nobody confirmed is not what a later apply applies", async () => {
  await apply();
  world.answer = () => Promise.reject(new AppError("INFRA_UNCONFIRMED", "no"));
  await expect(destroy()).rejects.toMatchObject({ code: "INFRA_UNCONFIRMED" });
  world.answer = () => Promise.resolve();
  expect((await apply()).outcome).toBe("nothing");
  expect(world.terraform("staging").instances.size).toBe(1);
});

test("what the configuration protects is not destroyed, nor asked for", async () => {
  await apply();
  world.context.app = tiny({ protect: true });
  await expect(destroy()).rejects.toMatchObject({
    code: "INFRA_PROTECTED",
    hint: expect.stringMatching(
      /^set environments\.staging\.aws\.protect to false, .*switchback infra apply staging/,
    ),
  });
  expect(world.questions.length).toBe(1);
});

test("what is still protected where it runs is not destroyed half-way", async () => {
  await apply();
  endangerDatabase(["delete"], { deletion_protection: true });
  await expect(destroy()).rejects.toMatchObject({
    code: "INFRA_PROTECTED",
    message: expect.stringContaining("module.app.aws_db_instance.this"),
    hint: expect.stringMatching(/^lift it: switchback infra plan staging/),
  });
  expect(applied()).toBe(1);
});

test("drift is told from what Terraform finds; the plan that was made to look is not kept", async () => {
  await apply();
  expect(await infraDrift(world.context, "staging", world.session)).toEqual({
    environment: "staging",
    drift: [],
    securityGroups: 0,
  });
  world.terraform("staging").drift = [
    { address: "aws_vpc.this", type: "aws_vpc", change: { actions: ["delete"], before: { id: "vpc-1" } } },
    // Filled in by AWS after it was made: no plan puts it back.
    {
      address: "aws_eip.nat",
      type: "aws_eip",
      change: { actions: ["update"], before: { private_ip: "" }, after: { private_ip: "10.0.0.1" } },
    },
  ];
  world.terraform("staging").extra = [
    { address: "aws_vpc.this", type: "aws_vpc", mode: "managed", change: { actions: ["create"], after: {} } },
  ];
  expect((await infraDrift(world.context, "staging", world.session)).drift).toEqual([
    { address: "aws_vpc.this", attribute: null, was: "vpc-1", is: "gone" },
  ]);
});

test.each(["development", "stagin", "__proto__"])("%s has no infrastructure to plan", async (name) => {
  await expect(planInfra(world.context, name, world.session)).rejects.toMatchObject({
    code: name === "development" ? "INFRA_SETTING" : "ENVIRONMENT_UNKNOWN",
  });
});

const plain = { address: "aws_sqs_queue.jobs", mode: "managed", type: "aws_sqs_queue", name: "jobs" };
const waiver = {
  ...{ rule: "queue-encrypted", address: "aws_sqs_queue.*", reason: "holds no data", until: "2023-12-31" },
};
const TAGS = { Project: "tiny", Environment: "staging", ManagedBy: "terraform" };
const plainQueue = (aws: object = {}) => {
  world = makeInfraWorld(tiny({ ...aws }));
  world.terraform("staging").planned = [{ ...plain, values: { tags_all: TAGS } }];
};

test("a broken policy is told by the plan and before the apply, which a person may still want", async () => {
  plainQueue();
  const found = [{ rule: "queue-encrypted", state: "broken", address: "aws_sqs_queue.jobs" }];
  expect((await plan()).policies.findings).toMatchObject(found);
  expect(await apply()).toMatchObject({ outcome: "applied", policies: { findings: found } });
  expect(world.questions[0]?.policies?.findings).toMatchObject(found);
});

test("what the configuration waives is told as waived with its reason, until the day is over", async () => {
  plainQueue({ waive: [waiver] });
  expect((await plan()).policies).toMatchObject({
    findings: [{ rule: "queue-encrypted", state: "waived", waiver }],
    waivers: [],
  });
  plainQueue({ waive: [{ ...waiver, until: "2023-11-13" }] });
  expect((await plan()).policies).toMatchObject({
    findings: [{ rule: "queue-encrypted", state: "broken", waiver: null }],
    waivers: [{ problem: "expired" }],
  });
});

test("an old plan is judged by the waivers of the day on which it is applied", async () => {
  plainQueue({ waive: [waiver] });
  await plan();
  await world.clock.advance(60 * 24 * 60 * 60_000);
  await apply();
  expect(world.questions[0]).toMatchObject({
    origin: "saved",
    policies: { findings: [{ state: "broken" }], waivers: [{ problem: "expired" }] },
  });
});

test("neither what takes everything away nor a bootstrap is asked", async () => {
  await apply();
  await destroy();
  expect(world.questions.map(({ policies }) => policies === null)).toEqual([false, true]);
});
