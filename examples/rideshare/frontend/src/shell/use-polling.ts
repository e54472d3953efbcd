import { useEffect } from "react";

/** Runs `tick` now and `intervalMs` after each run ends; rests while the page is hidden. */
export function usePolling(tick: (signal: AbortSignal) => Promise<void>, intervalMs: number): void {
  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running = false;
    const loop = async () => {
      clearTimeout(timer);
      running = true;
      if (!document.hidden) await tick(gone.signal);
      running = false;
      if (!gone.signal.aborted) timer = setTimeout(() => void loop(), intervalMs);
    };
    const wake = () => {
      if (!document.hidden && !running) void loop();
    };
    void loop();
    document.addEventListener("visibilitychange", wake);
    return () => {
      gone.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [tick, intervalMs]);
}
