import type { RideStatus } from "../api/contract.ts";

interface RideStatusLineProps {
  status: RideStatus;
  sentence: string;
}

export function RideStatusLine({ status, sentence }: RideStatusLineProps) {
  return (
    <p
      className="ride-status"
      role="status"
      aria-live="polite"
      data-testid="ride-status"
      data-status={status}
    >
      <span className="status-dot" aria-hidden="true" />
      {sentence}
    </p>
  );
}
