import { useId } from "react";
import type { Waypoint } from "../api/contract.ts";
import { places } from "../map/places.ts";
import { labelOf, placeOf, waypointOf } from "../map/waypoint.ts";

interface PlaceFieldProps {
  kind: "pickup" | "dropoff";
  value: Waypoint | null;
  /** The place at the other end, which would make no ride. */
  other: Waypoint | null;
  /** Whether a click on the map sets this field. */
  onMap: boolean;
  onChange: (waypoint: Waypoint) => void;
  onAim: () => void;
}

const words = {
  pickup: { letter: "A", label: "Pickup", aim: "Set the pickup on the map" },
  dropoff: { letter: "B", label: "Drop-off", aim: "Set the drop-off on the map" },
};

const pointOnMap = "point-on-map";

export function PlaceField({ kind, value, other, onMap, onChange, onAim }: PlaceFieldProps) {
  const id = useId();
  const place = value && placeOf(value);
  const choose = (placeId: string) => {
    const chosen = places.find((entry) => entry.id === placeId);
    if (chosen) onChange(waypointOf(chosen));
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        <span className={`letter letter-${kind}`} aria-hidden="true">
          {words[kind].letter}
        </span>
        {words[kind].label}
      </label>
      <div className="field-row">
        <select
          id={id}
          data-testid={kind}
          value={place ? place.id : value ? pointOnMap : ""}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="" disabled>
            Choose a place
          </option>
          {value && !place && <option value={pointOnMap}>{labelOf(value)}</option>}
          {places.map((entry) => (
            <option key={entry.id} value={entry.id} disabled={other !== null && placeOf(other) === entry}>
              {entry.label}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="aim"
          aria-pressed={onMap}
          aria-label={words[kind].aim}
          title={words[kind].aim}
          onClick={onAim}
        >
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <circle cx="10" cy="10" r="5.5" />
            <path d="M10 1.5v5M10 13.5v5M1.5 10h5M13.5 10h5" />
          </svg>
        </button>
      </div>
    </div>
  );
}
