import { useSession } from "../session/session.tsx";
import { MapWaiting } from "../shell/map-waiting.tsx";
import { Page } from "../shell/page.tsx";
import { useLoaded } from "../shell/use-loaded.ts";
import { DriverBoard } from "./driver-board.tsx";

export function DrivePage() {
  const { api } = useSession();
  const [loaded, reload] = useLoaded(api.me);
  const me = loaded.state === "ready" ? loaded.value : null;
  return (
    <Page title="Drive" width="full" hideTitle>
      {loaded.state !== "ready" && (
        <MapWaiting
          what="Looking up your car…"
          failure={loaded.state === "failed" ? loaded.reason : null}
          onRetry={reload}
        />
      )}
      {me?.driver && <DriverBoard account={me.account} profile={me.driver} />}
    </Page>
  );
}
