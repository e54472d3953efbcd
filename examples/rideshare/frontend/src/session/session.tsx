import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { makeApi, type Api } from "../api/api.ts";
import { makeClient } from "../api/client.ts";
import type { Role, SessionGrant } from "../api/contract.ts";
import { navigate } from "../shell/router.ts";
import { readSession, writeSession } from "./session-store.ts";

interface SessionValue {
  session: SessionGrant | null;
  api: Api;
  /** Why the sign-in page is shown, when it is not the visitor's own doing. */
  farewell: string | null;
  start: (grant: SessionGrant) => void;
  signOut: () => void;
  expire: () => void;
}

const SessionContext = createContext<SessionValue | null>(null);

export const homeOf = (role: Role): string => (role === "driver" ? "/drive" : "/ride");

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState(readSession);
  const [farewell, setFarewell] = useState<string | null>(null);
  const token = session?.token ?? null;
  const current = useRef(token);
  current.current = token;

  const end = useCallback((words: string | null) => {
    writeSession(null);
    setSession(null);
    setFarewell(words);
  }, []);

  const expire = useCallback(() => end("Your session has ended. Please sign in again."), [end]);

  const api = useMemo(() => {
    // An answer to an earlier session's call must not end the present one.
    const onExpired = () => {
      if (current.current === token) expire();
    };
    return makeApi(makeClient({ token, onExpired }));
  }, [token, expire]);

  const start = useCallback((grant: SessionGrant) => {
    writeSession(grant);
    setFarewell(null);
    setSession(grant);
    // A page of the other role would only say so: go home instead. Other addresses were asked for.
    if (["/ride", "/drive"].includes(location.pathname))
      navigate(homeOf(grant.account.role), { replace: true });
  }, []);

  const signOut = useCallback(() => {
    // The tab forgets the token whether or not the server hears of it; the token runs out by itself.
    api.signOut().catch(() => {});
    end(null);
    navigate("/");
  }, [api, end]);

  const value = useMemo(
    () => ({ session, api, farewell, start, signOut, expire }),
    [session, api, farewell, start, signOut, expire],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSession(): SessionValue {
  const value = use(SessionContext);
  if (!value) throw new Error("useSession outside SessionProvider");
  return value;
}
