import { expect, test } from "vitest";
import { makeInfraWorld, tiny } from "../../../test/helpers/infra-world.ts";
import { AppError } from "../../domain/errors.ts";
import type { TerraformEvent } from "../../ports/infra.ts";
import { tellingDelegation } from "./tell-delegation.ts";

const ENDED: TerraformEvent = {
  type: "ended",
  address: "module.app.module.dns[0].aws_route53_zone.this[0]",
  action: "create",
  elapsedMs: 1,
  id: "Z1",
};

const toldOf = async (
  aws: object,
  change: (world: ReturnType<typeof makeInfraWorld>) => void = () => undefined,
) => {
  const world = makeInfraWorld(tiny(aws as Record<string, unknown>));
  change(world);
  const told: TerraformEvent[] = [];
  const session = { ...world.session, onEvent: (event: TerraformEvent) => void told.push(event) };
  tellingDelegation(world.context, "staging", session).onEvent?.(ENDED);
  await new Promise((settle) => setImmediate(settle));
  expect(told[0]).toEqual(ENDED);
  return told.slice(1);
};

test("as soon as the zone is made its servers are told", async () => {
  expect(await toldOf({})).toEqual([
    {
      type: "warning",
      text: expect.stringMatching(/^delegate staging\.tiny\.example now, .*ns-1\.example, ns-2/),
    },
  ]);
});

test("who may not look is told how to, and nothing stops", async () => {
  const told = await toldOf({}, ({ context }) => {
    context.facts.nameServersOf = () => Promise.reject(new AppError("INFRA_FAILED", "denied"));
  });
  expect(told).toMatchObject([{ text: expect.stringContaining("aws route53 get-hosted-zone --id Z1") }]);
});

test("with a parent zone the apply delegates by itself, and nothing is said", async () => {
  expect(await toldOf({ parentZone: "Z2" })).toEqual([]);
});
