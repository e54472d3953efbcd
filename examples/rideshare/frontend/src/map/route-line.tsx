import type { Position } from "../api/contract.ts";
import { project } from "./projection.ts";

interface RouteLineProps {
  way: readonly Position[];
  /** The trip itself, or the way to it. */
  kind?: "route" | "way";
}

export function RouteLine({ way, kind = "route" }: RouteLineProps) {
  const points = way.map(project).map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  return points.length < 2 ? null : (
    <path className={`map-${kind}`} d={`M${points.join("L")}`} aria-hidden="true" />
  );
}
