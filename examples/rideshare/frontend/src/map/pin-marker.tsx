import type { Waypoint } from "../api/contract.ts";
import { project } from "./projection.ts";
import { labelOf } from "./waypoint.ts";

interface PinMarkerProps {
  at: Waypoint;
  kind: "pickup" | "dropoff";
}

const letters = { pickup: "A", dropoff: "B" };

export function PinMarker({ at, kind }: PinMarkerProps) {
  const { x, y } = project(at);
  return (
    <g className={`pin pin-${kind}`} style={{ transform: `translate(${x}px, ${y}px) scale(var(--unit))` }}>
      <title>{`${kind === "pickup" ? "Pickup" : "Drop-off"}: ${labelOf(at)}`}</title>
      <path className="pin-shape" d="M0 0C-4 -7 -11 -11 -11 -19A11 11 0 1 1 11 -19C11 -11 4 -7 0 0Z" />
      <text className="pin-letter" y={-15}>
        {letters[kind]}
      </text>
    </g>
  );
}
