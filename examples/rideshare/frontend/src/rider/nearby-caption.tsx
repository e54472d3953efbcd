interface NearbyCaptionProps {
  count: number;
  state: "loading" | "fresh" | "stale";
}

export function NearbyCaption({ count, state }: NearbyCaptionProps) {
  return <span data-testid="nearby">{words(count, state)}</span>;
}

function words(count: number, state: NearbyCaptionProps["state"]): string {
  if (state === "loading") return "Looking for drivers nearby…";
  if (state === "stale") return "Drivers nearby cannot be shown just now; trying again.";
  if (count === 0) return "No drivers are online nearby right now. You can still request a ride.";
  return count === 1 ? "1 driver nearby." : `${count} drivers nearby.`;
}
