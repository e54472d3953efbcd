import { useCallback } from "react";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shell/failure.tsx";
import { Loading } from "../shell/loading.tsx";
import { useLoaded } from "../shell/use-loaded.ts";
import { ReceiptView } from "./receipt-view.tsx";

export function ReceiptLines({ rideId }: { rideId: string }) {
  const { api } = useSession();
  const [loaded, reload] = useLoaded(useCallback((signal) => api.receipt(rideId, signal), [api, rideId]));
  switch (loaded.state) {
    case "loading":
      return <Loading what="Fetching the receipt…" />;
    case "failed":
      return <Failure reason={loaded.reason} onRetry={reload} />;
    case "ready":
      return <ReceiptView receipt={loaded.value} />;
  }
}
