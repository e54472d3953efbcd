import { useEffect, useRef, useState, type CSSProperties } from "react";
import type { Position } from "../api/contract.ts";
import { project } from "./projection.ts";

interface CarMarkerProps {
  position: Position;
  title: string;
  tone: "idle" | "own";
  /** How long until the next position is expected: the car takes that long to get there. */
  glideMs: number;
}

export function CarMarker({ position, title, tone, glideMs }: CarMarkerProps) {
  const { x, y } = project(position);
  const turn = useTurn(x, y);
  return (
    <g
      className={`car car-${tone}`}
      style={
        {
          transform: `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) scale(var(--unit))`,
          "--glide": `${glideMs}ms`,
        } as CSSProperties
      }
    >
      <title>{title}</title>
      <g className="car-body" style={{ transform: `rotate(${turn}deg)` }}>
        <rect className="car-shell" x={-6} y={-10} width={12} height={20} rx={5} />
        <path
          className="car-glass"
          d="M-4 -4.5Q0 -7 4 -4.5L3.2 -1.5H-3.2Z M-3.2 4.5H3.2L3.6 6.6Q0 8 -3.6 6.6Z"
        />
      </g>
    </g>
  );
}

/** Degrees to turn so that the car faces the way it moves, by the shorter side. */
function useTurn(x: number, y: number): number {
  const last = useRef({ x, y });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const dx = x - last.current.x;
    const dy = y - last.current.y;
    if (Math.hypot(dx, dy) < 0.5) return;
    last.current = { x, y };
    const heading = (Math.atan2(dx, -dy) * 180) / Math.PI;
    setTurn((now) => now + ((((heading - now) % 360) + 540) % 360) - 180);
  }, [x, y]);
  return turn;
}
