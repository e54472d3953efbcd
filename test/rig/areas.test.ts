import { afterAll, beforeAll, expect, test } from "vitest";
import { proveArea } from "./areas.ts";
import { startRig, type Rig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

// The other areas take minutes: npm run prove:rig.
test(
  "the real provider applies monitoring, plans it empty and destroys it",
  { timeout: 600_000 },
  async () => {
    const { failed, resources } = await proveArea(rig, "monitoring");
    expect(failed).toBeNull();
    expect(resources).toBe(11);
    const actions = rig.log.calls({ service: "xray" }).map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(["CreateGroup", "CreateSamplingRule", "DeleteSamplingRule"]),
    );
    expect(rig.log.calls().filter(({ status }) => status !== null && status >= 500)).toEqual([]);
  },
);
