import type { Ride } from "../api/contract.ts";
import { useSession } from "../session/session.tsx";
import { Notice } from "../shell/notice.tsx";
import { useAction } from "../shell/use-action.ts";

interface CancelButtonProps {
  rideId: string;
  onCancelled: (ride: Ride) => void;
}

export function CancelButton({ rideId, onCancelled }: CancelButtonProps) {
  const { api } = useSession();
  const { pending, error, run } = useAction();
  return (
    <>
      <button
        type="button"
        className="button-quiet"
        data-testid="cancel"
        disabled={pending}
        onClick={() => void run(async () => onCancelled(await api.act(rideId, "cancel")))}
      >
        Cancel this ride
      </button>
      {error && <Notice tone="error">{error}</Notice>}
    </>
  );
}
