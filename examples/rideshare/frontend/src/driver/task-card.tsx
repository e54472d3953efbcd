import type { Ride, RideAction } from "../api/contract.ts";
import { RideStatusLine } from "../ride/ride-status-line.tsx";
import { driverSentence } from "../ride/ride-words.ts";
import { TripSummary } from "../ride/trip-summary.tsx";
import { useSession } from "../session/session.tsx";
import { Notice } from "../shell/notice.tsx";
import { useAction } from "../shell/use-action.ts";
import { IdleTask } from "./idle-task.tsx";
import type { Car } from "./use-car.ts";

interface TaskCardProps {
  ride: Ride | null;
  ended: Ride | null;
  available: boolean;
  car: Car;
  onRide: (ride: Ride | null) => void;
}

/** What the driver has to do now: answer an offer, pick up, drop off, or wait. */
export function TaskCard({ ride, ended, available, car, onRide }: TaskCardProps) {
  const { api } = useSession();
  const { pending, error, run } = useAction();
  if (!ride) return <IdleTask ended={ended} available={available} />;

  const act = (action: RideAction) =>
    void run(async () => {
      const next = await api.act(ride.id, action);
      if (action === "drop-off") car.stop();
      onRide(action === "decline" ? null : next);
    });
  const button = (action: RideAction, label: string, className: string) => (
    <button
      type="button"
      className={className}
      data-testid={action}
      disabled={pending}
      onClick={() => act(action)}
    >
      {label}
    </button>
  );
  const drive = (label: string, to: Ride["pickup"]) => (
    <button type="button" className="button-quiet" data-testid="drive-there" onClick={() => car.driveTo(to)}>
      {label}
    </button>
  );

  return (
    <section className="task card" aria-label="Your task">
      <RideStatusLine status={ride.status} sentence={driverSentence(ride)} />
      <TripSummary ride={ride} />
      <div className="button-row">
        {(ride.status === "offered" || ride.status === "requested") && (
          <>
            {button("accept", "Accept", "button")}
            {button("decline", "Decline", "button-quiet")}
          </>
        )}
        {ride.status === "accepted" && (
          <>
            {button("pick-up", "Picked up", "button")}
            {drive("Drive to pickup", ride.pickup)}
          </>
        )}
        {ride.status === "picked_up" && (
          <>
            {button("drop-off", "Dropped off", "button")}
            {drive("Drive to drop-off", ride.dropoff)}
          </>
        )}
      </div>
      {error && <Notice tone="error">{error}</Notice>}
    </section>
  );
}
