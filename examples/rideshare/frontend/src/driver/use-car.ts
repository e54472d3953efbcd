import { useCallback, useEffect, useRef, useState } from "react";
import type { Position } from "../api/contract.ts";
import { snapToStreet, routeBetween } from "../map/street-graph.ts";
import { useSession } from "../session/session.tsx";
import { advance } from "./advance.ts";

export const stepMs = 1_000;
const retryMs = 3_000;
// Five times a city car: crossing the map takes about two minutes, not ten.
const metresPerStep = 60;

export interface Car {
  position: Position | null;
  /** What is left of the simulated drive; empty when the car stands. */
  way: readonly Position[];
  /** Whether the server has the position that is shown. */
  sent: boolean;
  placeAt: (position: Position) => void;
  driveTo: (position: Position) => void;
  stop: () => void;
}

export function useCar(initial: Position | null): Car {
  const { api } = useSession();
  const [position, setPosition] = useState(initial);
  const [way, setWay] = useState<Position[]>([]);
  const [sent, setSent] = useState(true);
  const latest = useRef(0);

  const move = useCallback(
    (next: Position) => {
      const turn = ++latest.current;
      setPosition(next);
      api.setPosition(next).then(
        () => turn === latest.current && setSent(true),
        () => turn === latest.current && setSent(false),
      );
    },
    [api],
  );

  useEffect(() => {
    if (sent || !position || way.length > 1) return;
    const timer = setInterval(() => move(position), retryMs);
    return () => clearInterval(timer);
  }, [sent, position, way, move]);

  useEffect(() => {
    if (way.length < 2) return;
    const timer = setTimeout(() => {
      const left = advance(way, metresPerStep);
      const [next] = left;
      if (next) move(next);
      setWay(left.length > 1 ? left : []);
    }, stepMs);
    return () => clearTimeout(timer);
  }, [way, move]);

  return {
    position,
    way,
    sent,
    placeAt: useCallback(
      (at: Position) => {
        setWay([]);
        move(snapToStreet(at).position);
      },
      [move],
    ),
    driveTo: (to) => {
      const end = snapToStreet(to).position;
      if (position) setWay(routeBetween(position, end));
      else move(end);
    },
    stop: useCallback(() => setWay([]), []),
  };
}
