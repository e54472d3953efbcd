import type { Role } from "../api/contract.ts";
import { homeOf } from "../session/session.tsx";
import { Link } from "./link.tsx";
import { Page } from "./page.tsx";

export function WrongRolePage({ role }: { role: Role }) {
  const other: Role = role === "rider" ? "driver" : "rider";
  return (
    <Page title={`This page is for ${other}s`}>
      <p className="lead">You are signed in as a {role}. Sign out first to use another account.</p>
      <p>
        <Link to={homeOf(role)}>Go to your own page</Link>
      </p>
    </Page>
  );
}
