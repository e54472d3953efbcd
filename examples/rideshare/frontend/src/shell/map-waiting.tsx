import { CityMap } from "../map/city-map.tsx";
import { Failure } from "./failure.tsx";
import { Loading } from "./loading.tsx";
import { MapLayout } from "./map-layout.tsx";

interface MapWaitingProps {
  what: string;
  /** Why there is nothing to show; null while it is still loading. */
  failure: string | null;
  onRetry: () => void;
}

/** The map is in its place from the start, so that nothing moves when the panel is known. */
export function MapWaiting({ what, failure, onRetry }: MapWaitingProps) {
  return (
    <MapLayout
      panel={failure ? <Failure reason={failure} onRetry={onRetry} /> : <Loading what={what} />}
      map={<CityMap label="Map of central Stockholm" />}
      caption={null}
    />
  );
}
