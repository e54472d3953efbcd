import { useEffect, useRef, useState } from "react";
import { followEvents, type StreamDeps, type StreamState } from "../api/event-stream.ts";
import { useSession } from "../session/session.tsx";

/** Follows the stream at `path` until its last event, while the component lives; null follows nothing. */
export function useEventStream(path: string | null, onEvent: StreamDeps["onEvent"]): StreamState {
  const { session, expire } = useSession();
  const token = session?.token;
  const [state, setState] = useState<StreamState>("connecting");
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });

  useEffect(() => {
    if (!path || !token) return;
    const gone = new AbortController();
    const { signal } = gone;
    void followEvents({
      path,
      token,
      signal,
      onEvent: (event) => signal.aborted || latest.current(event),
      onState: (next) => !signal.aborted && setState(next),
      onExpired: () => !signal.aborted && expire(),
    });
    return () => gone.abort();
  }, [path, token, expire]);

  return state;
}
