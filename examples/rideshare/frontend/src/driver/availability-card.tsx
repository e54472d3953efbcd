import { useSession } from "../session/session.tsx";
import { Notice } from "../shell/notice.tsx";
import { useAction } from "../shell/use-action.ts";

interface AvailabilityCardProps {
  available: boolean;
  hasPosition: boolean;
  onChange: (available: boolean) => void;
}

export function AvailabilityCard({ available, hasPosition, onChange }: AvailabilityCardProps) {
  const { api } = useSession();
  const { pending, error, run } = useAction();
  const toggle = () =>
    void run(async () => {
      await api.setAvailability(!available);
      onChange(!available);
    });
  return (
    <section className="availability" data-available={available ? "" : undefined} aria-label="Availability">
      <p role="status" data-testid="availability">
        <span className="status-dot" aria-hidden="true" />
        <strong>{available ? "You are online" : "You are offline"}</strong>
      </p>
      <button
        type="button"
        className={available ? "button-quiet" : "button"}
        data-testid="toggle-availability"
        disabled={pending || (!available && !hasPosition)}
        onClick={toggle}
      >
        {available ? "Go offline" : "Go online"}
      </button>
      {!hasPosition && <p className="quiet">First put your car on the map.</p>}
      {error && <Notice tone="error">{error}</Notice>}
    </section>
  );
}
