import {
  useLayoutEffect,
  useRef,
  useState,
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
} from "react";
import type { Position } from "../api/contract.ts";
import { BaseMap } from "./base-map.tsx";
import { mapHeight, mapWidth, unproject } from "./projection.ts";

interface CityMapProps {
  label: string;
  /** Left out when the map is only to be looked at. */
  onPick?: ((position: Position) => void) | undefined;
  children?: ReactNode;
}

/** A still map of central Stockholm; markers go in as children and keep their size at any width. */
export function CityMap({ label, onPick, children }: CityMapProps) {
  const svg = useRef<SVGSVGElement>(null);
  const [unitsPerPixel, setUnitsPerPixel] = useState(1.5);

  useLayoutEffect(() => {
    const element = svg.current;
    if (!element) return;
    const measure = () => {
      const { width, height } = element.getBoundingClientRect();
      if (width > 0) setUnitsPerPixel(Math.max(mapWidth / width, mapHeight / height));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const pick = (event: MouseEvent<SVGSVGElement>) => {
    const toUser = event.currentTarget.getScreenCTM()?.inverse();
    if (!toUser || !onPick) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(toUser);
    onPick(unproject({ x, y }));
  };

  return (
    <svg
      ref={svg}
      className="map"
      viewBox={`0 0 ${mapWidth} ${mapHeight}`}
      role="img"
      aria-label={label}
      data-testid="map"
      data-pickable={onPick ? "" : undefined}
      data-narrow={unitsPerPixel > 1.6 ? "" : undefined}
      style={{ "--unit": unitsPerPixel } as CSSProperties}
      onClick={onPick && pick}
    >
      <BaseMap />
      {children}
    </svg>
  );
}
