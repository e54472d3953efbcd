import { memo } from "react";
import { land } from "./coastline.ts";
import { junctions } from "./junctions.ts";
import { mapLabels } from "./map-labels.ts";
import type { Outline } from "./outline.ts";
import { parks } from "./parks.ts";
import { project, type Point } from "./projection.ts";
import { streets, type Street } from "./streets.ts";

const landPath = land.map(softOutline).join("");
const parkPath = parks.map(softOutline).join("");
const mainPath = streetsPath("main");
const minorPath = streetsPath("minor");

/** The city itself: never changes, so it is drawn once. */
export const BaseMap = memo(function BaseMap() {
  return (
    <g aria-hidden="true">
      <path className="map-land" d={landPath} />
      <path className="map-park" d={parkPath} />
      <path className="map-street-edge" d={minorPath + mainPath} />
      <path className="map-street map-street-minor" d={minorPath} />
      <path className="map-street map-street-main" d={mainPath} />
      {mapLabels.map(({ text, kind, always, ...position }) => {
        const { x, y } = project(position);
        return (
          <text key={text} x={x} y={y} className={`map-label map-label-${kind}`} data-always={always}>
            {text}
          </text>
        );
      })}
    </g>
  );
});

function streetsPath(kind: Street["kind"]): string {
  return streets
    .filter((street) => street.kind === kind)
    .map(({ path }) => `M${path.map((id) => pair(junctions[id])).join("L")}`)
    .join("");
}

/** A closed line with rounded corners: shores have no sharp edges. */
function softOutline(outline: Outline): string {
  const corners = outline.map(project);
  const parts = corners.map((corner, index) => {
    const before = corners.at(index - 1) ?? corner;
    const after = corners[(index + 1) % corners.length] ?? corner;
    const move = index === 0 ? "M" : "L";
    return `${move}${show(towards(corner, before))}Q${show(corner)} ${show(towards(corner, after))}`;
  });
  return `${parts.join("")}Z`;
}

function towards(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y);
  const part = Math.min(0.4, 30 / length);
  return { x: corner.x + (other.x - corner.x) * part, y: corner.y + (other.y - corner.y) * part };
}

function pair([lat, lng]: readonly [number, number]): string {
  return show(project({ lat, lng }));
}

function show({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
