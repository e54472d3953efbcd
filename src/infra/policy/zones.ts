import type { PlannedResource } from "./planned-resource.ts";
import { broken, notKnown, type Check } from "./rule.ts";
import type { Json } from "./terraform-plan.ts";
import { known, valueAt } from "./value-at.ts";
import type { World } from "./world.ts";

/** In how many zones the subnets of an attribute are at least; null: the plan does not show it. */
const zonesOf = (resource: PlannedResource, path: string, world: World): number | null => {
  const value = valueAt(resource, path);
  if (value.state === "absent") return 0;
  if (value.state === "known") {
    const ids = Array.isArray(value.value) ? value.value : [];
    const subnets = new Map(world.ofType("aws_subnet").map((subnet) => [known(subnet, "id"), subnet]));
    // Two subnets that were handed in cannot be told to be in one zone; they count as two.
    return new Set(ids.map((id) => zoneOf(subnets.get(id)) ?? id)).size;
  }
  const subnets = (world.linked(resource, path) ?? []).filter(({ type }) => type === "aws_subnet");
  const zones = subnets.map(zoneOf);
  return subnets.length === 0 || (subnets.length > 1 && zones.includes(null)) ? null : new Set(zones).size;
};

const zoneOf = (subnet: PlannedResource | undefined): Json =>
  subnet === undefined ? null : (known(subnet, "availability_zone") ?? known(subnet, "availability_zone_id"));

/** The subnets of an attribute are in two zones at least. */
export const inTwoZones =
  (path: string): Check =>
  (resource, world) => {
    const zones = zonesOf(resource, path, world);
    if (zones === null) return [notKnown(path, "in two zones")];
    return zones >= 2 ? [] : [broken(path, zones === 0 ? "no subnet" : "in one zone", "in two zones")];
  };
