import { useEffect, useState, type FormEvent } from "react";
import { ApiError } from "../api/api-error.ts";
import type { Quote, Ride, Waypoint } from "../api/contract.ts";
import { useSession } from "../session/session.tsx";
import { Notice } from "../shell/notice.tsx";
import { useAction } from "../shell/use-action.ts";
import type { TripEnd, TripEnds } from "./booking-board.tsx";
import { PlaceField } from "./place-field.tsx";
import { QuoteBox } from "./quote-box.tsx";

interface BookingPanelProps {
  ends: TripEnds;
  aim: TripEnd;
  onAim: (end: TripEnd) => void;
  onSet: (end: TripEnd, waypoint: Waypoint) => void;
  onBooked: (ride: Ride) => void;
}

export function BookingPanel({ ends, aim, onAim, onSet, onBooked }: BookingPanelProps) {
  const { api } = useSession();
  const { pickup, dropoff } = ends;
  const [quoted, setQuoted] = useState<{ quote: Quote; ends: TripEnds } | null>(null);
  const { pending, error, clear, run } = useAction();
  // A quote is for the two places it was asked for: other places need another one.
  const quote = quoted?.ends === ends ? quoted.quote : null;
  const trip = pickup && dropoff ? { pickup, dropoff } : null;

  useEffect(clear, [ends, clear]);

  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (trip) void run(async () => setQuoted({ quote: await api.quote(trip), ends }));
  };
  // Booked in another tab, or by a request whose answer was lost: that ride is the one to show.
  const rideUnderWay = async (error: unknown) => {
    const ride = error instanceof ApiError && error.code === "RIDE_ACTIVE" ? await api.currentRide() : null;
    if (!ride) throw error;
    return ride;
  };
  const book = () => {
    if (trip) void run(async () => onBooked(await api.book(trip).catch(rideUnderWay)));
  };

  return (
    <form className="form" onSubmit={ask}>
      <h2>Where to?</h2>
      {(["pickup", "dropoff"] as const).map((end) => (
        <PlaceField
          key={end}
          kind={end}
          value={ends[end]}
          other={ends[end === "pickup" ? "dropoff" : "pickup"]}
          onMap={aim === end}
          onChange={(waypoint) => onSet(end, waypoint)}
          onAim={() => onAim(end)}
        />
      ))}
      <QuoteBox quote={quote} />
      <div className="button-row">
        <button
          type="submit"
          className={quote ? "button-quiet" : "button"}
          data-testid="quote"
          disabled={!trip || pending}
        >
          See the fare
        </button>
        <button
          type="button"
          className={quote ? "button" : "button-quiet"}
          data-testid="book"
          disabled={!quote || pending}
          onClick={book}
        >
          Book this ride
        </button>
      </div>
      {error && <Notice tone="error">{error}</Notice>}
    </form>
  );
}
