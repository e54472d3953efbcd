import { useSyncExternalStore } from "react";

const moved = "rideshare:moved";

export function navigate(path: string, { replace = false } = {}): void {
  if (path === location.pathname) return;
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  window.dispatchEvent(new Event(moved));
  window.scrollTo(0, 0);
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname);

function subscribe(onChange: () => void): () => void {
  window.addEventListener("popstate", onChange);
  window.addEventListener(moved, onChange);
  return () => {
    window.removeEventListener("popstate", onChange);
    window.removeEventListener(moved, onChange);
  };
}
