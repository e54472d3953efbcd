import { useEffect } from "react";
import { DrivePage } from "./driver/drive-page.tsx";
import { HistoryPage } from "./history/history-page.tsx";
import { ReceiptPage } from "./history/receipt-page.tsx";
import { RidePage } from "./rider/ride-page.tsx";
import { EntryPage } from "./session/entry-page.tsx";
import { homeOf, SessionProvider, useSession } from "./session/session.tsx";
import type { Config } from "./shell/config.ts";
import { Footer } from "./shell/footer.tsx";
import { Header } from "./shell/header.tsx";
import { MissingPage } from "./shell/missing-page.tsx";
import { Notice } from "./shell/notice.tsx";
import { navigate, usePath } from "./shell/router.ts";
import { WrongRolePage } from "./shell/wrong-role-page.tsx";

export function App({ config }: { config: Config }) {
  return (
    <SessionProvider>
      <Header />
      {config.notice && <Notice tone="info">{config.notice}</Notice>}
      <CurrentPage config={config} />
      <Footer config={config} />
    </SessionProvider>
  );
}

function CurrentPage({ config }: { config: Config }) {
  const { session } = useSession();
  const path = usePath().replace(/(.)\/+$/, "$1");
  const role = session?.account.role;

  useEffect(() => {
    if (role && path === "/") navigate(homeOf(role), { replace: true });
  }, [role, path]);

  const rideId = /^\/rides\/([^/]+)$/.exec(path)?.[1];
  if (!rideId && !["/", "/ride", "/drive", "/rides"].includes(path)) return <MissingPage />;
  // The address is kept, so that signing in leads to the page that was asked for.
  if (!role) return <EntryPage />;
  if (rideId) return <ReceiptPage key={rideId} rideId={rideId} />;
  if (path === "/rides") return <HistoryPage />;
  if (path === "/ride")
    return role === "rider" ? <RidePage config={config} /> : <WrongRolePage role={role} />;
  if (path === "/drive") return role === "driver" ? <DrivePage /> : <WrongRolePage role={role} />;
  return null;
}
