import { homeOf, useSession } from "../session/session.tsx";
import { Link } from "./link.tsx";

export function Header() {
  const { session, signOut } = useSession();
  const role = session?.account.role;
  return (
    <header className="header">
      <Link to={role ? homeOf(role) : "/"} className="brand">
        Rideshare<span className="brand-city"> Stockholm</span>
      </Link>
      {session && (
        <>
          <nav className="nav" aria-label="Pages">
            <Link to={homeOf(session.account.role)}>{role === "driver" ? "Drive" : "Ride"}</Link>
            <Link to="/rides">History</Link>
          </nav>
          <span className="who" title={session.account.email}>
            {session.account.name}
          </span>
          <button type="button" className="button-plain" data-testid="sign-out" onClick={signOut}>
            Sign out
          </button>
        </>
      )}
    </header>
  );
}
