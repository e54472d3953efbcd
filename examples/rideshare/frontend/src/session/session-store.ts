import type { SessionGrant } from "../api/contract.ts";

const key = "rideshare.session";

/** The session of this tab, or null when there is none or it has run out. */
export function readSession(now = Date.now()): SessionGrant | null {
  try {
    const grant = JSON.parse(sessionStorage.getItem(key) ?? "null") as SessionGrant | null;
    if (!grant?.token || !grant.account) return null;
    return Date.parse(grant.expiresAt) <= now ? null : grant;
  } catch {
    return null;
  }
}

export function writeSession(grant: SessionGrant | null): void {
  try {
    if (grant) sessionStorage.setItem(key, JSON.stringify(grant));
    else sessionStorage.removeItem(key);
  } catch {
    // Storage can be switched off: the session then lasts until the tab is reloaded.
  }
}
