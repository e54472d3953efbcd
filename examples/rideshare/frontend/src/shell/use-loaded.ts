import { useCallback, useEffect, useState } from "react";
import { describeError } from "../api/api-error.ts";

export type Loaded<T> =
  { state: "loading" } | { state: "ready"; value: T } | { state: "failed"; reason: string };

/** Loads once per `load` (hand in a memoised function) and on each reload, which keeps what is there until it answers. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const gone = new AbortController();
    setLoaded((last) => (last.state === "failed" ? { state: "loading" } : last));
    load(gone.signal).then(
      (value) => {
        if (!gone.signal.aborted) setLoaded({ state: "ready", value });
      },
      (error: unknown) => {
        if (!gone.signal.aborted) setLoaded({ state: "failed", reason: describeError(error) });
      },
    );
    return () => gone.abort();
  }, [load, attempt]);

  return [loaded, useCallback(() => setAttempt((n) => n + 1), [])];
}
