import { useCallback, useRef, useState } from "react";
import { describeError } from "../api/api-error.ts";

interface Action {
  pending: boolean;
  error: string | null;
  clear: () => void;
  /** Does nothing while an earlier run is under way, so a double click acts once. */
  run: (work: () => Promise<void>) => Promise<void>;
}

export function useAction(): Action {
  const busy = useRef(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const run = useCallback(async (work: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    setPending(true);
    setError(null);
    try {
      await work();
    } catch (reason) {
      setError(describeError(reason));
    } finally {
      busy.current = false;
      setPending(false);
    }
  }, []);

  return { pending, error, clear: useCallback(() => setError(null), []), run };
}
