import type { ReactNode } from "react";

interface MapLayoutProps {
  panel: ReactNode;
  map: ReactNode;
  caption: ReactNode;
}

export function MapLayout({ panel, map, caption }: MapLayoutProps) {
  return (
    <div className="map-layout">
      <div className="panel">{panel}</div>
      <figure className="map-figure">
        {map}
        <figcaption className="map-caption">{caption}</figcaption>
      </figure>
    </div>
  );
}
