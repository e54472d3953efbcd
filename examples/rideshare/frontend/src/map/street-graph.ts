import type { Position } from "../api/contract.ts";
import { junctions, type JunctionId } from "./junctions.ts";
import { metresPerUnit, project, unproject, type Point } from "./projection.ts";
import { streets } from "./streets.ts";

interface Segment {
  a: JunctionId;
  b: JunctionId;
  street: string;
  lengthUnits: number;
}

export interface Snap {
  position: Position;
  street: string;
  distanceM: number;
  segment: Segment;
}

const points = new Map<JunctionId, Point>(
  (Object.keys(junctions) as JunctionId[]).map((id) => [id, project(toPosition(id))]),
);

const segments: readonly Segment[] = streets.flatMap(({ name, path }) =>
  path.slice(1).flatMap((b, index) => {
    const a = path[index];
    return a ? [{ a, b, street: name, lengthUnits: gap(pointOf(a), pointOf(b)) }] : [];
  }),
);

/** The nearest point of the drawn street network. */
export function snapToStreet(position: Position): Snap {
  const p = project(position);
  let best: Snap | undefined;
  for (const segment of segments) {
    const onSegment = closest(p, pointOf(segment.a), pointOf(segment.b));
    const distanceM = gap(p, onSegment) * metresPerUnit;
    if (!best || distanceM < best.distanceM)
      best = { position: unproject(onSegment), street: segment.street, distanceM, segment };
  }
  if (!best) throw new Error("the map has no streets");
  return best;
}

/** A way along the streets from one position to another, both ends included. */
export function routeBetween(from: Position, to: Position): Position[] {
  const start = snapToStreet(from);
  const end = snapToStreet(to);
  if (start.segment === end.segment) return [from, start.position, end.position, to];
  return [from, start.position, ...shortestChain(start, end).map(toPosition), end.position, to];
}

function shortestChain(start: Snap, end: Snap): JunctionId[] {
  const cost = new Map<JunctionId, number>();
  const previous = new Map<JunctionId, JunctionId>();
  const open = new Set<JunctionId>();
  const startPoint = project(start.position);
  const endPoint = project(end.position);
  for (const id of [start.segment.a, start.segment.b]) {
    cost.set(id, gap(startPoint, pointOf(id)));
    open.add(id);
  }
  while (open.size > 0) {
    const id = [...open].reduce((a, b) => (costOf(a) <= costOf(b) ? a : b));
    open.delete(id);
    for (const { a, b, lengthUnits } of segments) {
      const next = a === id ? b : b === id ? a : undefined;
      if (!next || costOf(id) + lengthUnits >= costOf(next)) continue;
      cost.set(next, costOf(id) + lengthUnits);
      previous.set(next, id);
      open.add(next);
    }
  }
  const { a, b } = end.segment;
  const viaA = costOf(a) + gap(pointOf(a), endPoint);
  const viaB = costOf(b) + gap(pointOf(b), endPoint);
  const chain: JunctionId[] = [];
  for (let at: JunctionId | undefined = viaA <= viaB ? a : b; at; at = previous.get(at)) chain.unshift(at);
  return chain;

  function costOf(id: JunctionId): number {
    return cost.get(id) ?? Infinity;
  }
}

function toPosition(id: JunctionId): Position {
  const [lat, lng] = junctions[id];
  return { lat, lng };
}

function pointOf(id: JunctionId): Point {
  return points.get(id) ?? project(toPosition(id));
}

function gap(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function closest(p: Point, a: Point, b: Point): Point {
  const lengthSquared = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  if (lengthSquared === 0) return a;
  const along = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / lengthSquared;
  const t = Math.min(1, Math.max(0, along));
  return { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
}
