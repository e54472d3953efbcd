import { useId, useState } from "react";
import { places } from "../map/places.ts";
import type { Car } from "./use-car.ts";

export type ClickMeans = "place" | "drive";

interface PositionCardProps {
  car: Car;
  clickMeans: ClickMeans;
  onClickMeans: (means: ClickMeans) => void;
}

/** The same two ways to move the car as the map has, without a pointer. */
export function PositionCard({ car, clickMeans, onClickMeans }: PositionCardProps) {
  const id = useId();
  const [placeId, setPlaceId] = useState(places[0]?.id ?? "");
  const place = places.find((entry) => entry.id === placeId);
  return (
    <section className="card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Your car</h2>
      <div className="field">
        <label htmlFor={id}>Place</label>
        <select
          id={id}
          data-testid="car-place"
          value={placeId}
          onChange={(event) => setPlaceId(event.target.value)}
        >
          {places.map((entry) => (
            <option key={entry.id} value={entry.id}>
              {entry.label}
            </option>
          ))}
        </select>
      </div>
      <div className="button-row">
        {car.way.length > 0 ? (
          <button type="button" className="button-quiet" data-testid="stop-car" onClick={car.stop}>
            Stop the car
          </button>
        ) : (
          <button
            type="button"
            className="button-quiet"
            data-testid="drive-to-place"
            disabled={!car.position}
            onClick={() => place && car.driveTo(place)}
          >
            Drive there
          </button>
        )}
        <button
          type="button"
          className="button-quiet"
          data-testid="place-car"
          onClick={() => place && car.placeAt(place)}
        >
          Put it there
        </button>
      </div>
      <fieldset className="radios">
        <legend>A click on the map</legend>
        {(["drive", "place"] as const).map((means) => (
          <label key={means}>
            <input
              type="radio"
              name={id}
              checked={clickMeans === means}
              onChange={() => onClickMeans(means)}
            />
            {means === "drive" ? "drives there" : "puts the car there"}
          </label>
        ))}
      </fieldset>
      <p className="quiet">The drive is simulated, at about five times city speed.</p>
    </section>
  );
}
