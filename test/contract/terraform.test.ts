import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPlan } from "../../src/infra/read-plan.ts";
import type { Terraform, TerraformEvent } from "../../src/ports/infra.ts";
import { makeMemoryTerraform, type Root } from "../helpers/memory-terraform.ts";
import { makeTerraformRoot } from "../helpers/terraform-root.ts";

interface Harness {
  terraform: Terraform;
  setRoot(root: Root): void;
  planFile: string;
  close(): void;
}

const inMemory = (): Harness => {
  const terraform = makeMemoryTerraform({ resources: {} });
  return {
    terraform,
    setRoot: (root) => void (terraform.root = root),
    planFile: "plan",
    close: () => undefined,
  };
};

const real = (): Harness => {
  const root = makeTerraformRoot();
  return {
    terraform: root.open(),
    setRoot: root.setRoot,
    planFile: join(root.project, "plan"),
    close: root.close,
  };
};

describe.each([
  ["the program", real],
  ["in memory", inMemory],
])("terraform: %s", (_name, make) => {
  let harness: Harness;
  beforeEach(() => void (harness = make()));
  afterEach(() => harness.close());

  const planned = async (mode: "apply" | "destroy" = "apply") => {
    const { terraform, planFile } = harness;
    await terraform.init({});
    await terraform.plan({ file: planFile, mode });
    const plan = readPlan(await terraform.show(planFile));
    return plan.changes.map(({ address, action }) => `${action} ${address}`);
  };
  const apply = (onEvent?: (event: TerraformEvent) => void) =>
    harness.terraform.apply({ file: harness.planFile, ...(onEvent === undefined ? {} : { onEvent }) });

  test("what was planned is applied, told resource by resource, and then there is nothing left to do", async () => {
    harness.setRoot({ resources: { a: { input: "1" }, b: { input: "1" } } });
    expect(await planned()).toEqual(["create terraform_data.a", "create terraform_data.b"]);
    const events: TerraformEvent[] = [];
    await apply((event) => events.push(event));
    for (const address of ["terraform_data.a", "terraform_data.b"])
      expect(events.filter((event) => "address" in event && event.address === address)).toMatchObject([
        { type: "started", action: "create" },
        { type: "ended", action: "create" },
      ]);
    expect(await planned()).toEqual([]);
  });

  test("a new input is an update, a new trigger a replacement with its reason, one that is gone is destroyed", async () => {
    harness.setRoot({
      resources: { a: { input: "1" }, b: { input: "1", replaceWith: "x" }, c: { input: "1" } },
    });
    await planned();
    await apply();
    harness.setRoot({ resources: { a: { input: "2" }, b: { input: "1", replaceWith: "y" } } });
    expect(await planned()).toEqual([
      "update terraform_data.a",
      "replace terraform_data.b",
      "destroy terraform_data.c",
    ]);
    const { changes } = readPlan(await harness.terraform.show(harness.planFile));
    expect(changes[1]!.attributes.find(({ forcesReplacement }) => forcesReplacement)).toMatchObject({
      path: "triggers_replace",
      before: { text: '"x"' },
      after: { text: '"y"' },
    });
  });

  test("a plan that was made for an earlier state is refused and changes nothing", async () => {
    harness.setRoot({ resources: { a: { input: "1" } } });
    await planned();
    await apply();
    await expect(apply()).rejects.toMatchObject({ code: "INFRA_PLAN_STALE" });
    expect(await planned()).toEqual([]);
  });

  test("outputs are there after the apply, and none before it", async () => {
    harness.setRoot({
      resources: { a: { input: "1" } },
      outputs: { contract: { version: 1, names: ["x"] } },
    });
    await planned();
    expect(await harness.terraform.outputs()).toEqual({});
    await apply();
    expect(await harness.terraform.outputs()).toEqual({
      contract: { value: { version: 1, names: ["x"] }, sensitive: false },
    });
  });

  test("a destroy plan takes everything away", async () => {
    harness.setRoot({ resources: { a: { input: "1" }, b: { input: "1" } } });
    await planned();
    await apply();
    expect(await planned("destroy")).toEqual(["destroy terraform_data.a", "destroy terraform_data.b"]);
    await apply();
    expect(await planned("destroy")).toEqual([]);
  });

  test("told to stop before it began, it changes nothing", async () => {
    harness.setRoot({ resources: { a: { input: "1" } } });
    const interrupt = AbortSignal.abort();
    await harness.terraform.init({});
    await expect(
      harness.terraform.plan({ file: harness.planFile, mode: "apply", interrupt }),
    ).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(await planned()).toEqual(["create terraform_data.a"]);
  });
});
