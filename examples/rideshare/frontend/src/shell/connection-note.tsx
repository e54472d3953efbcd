import { useEffect, useState, type ReactNode } from "react";
import type { StreamState } from "../api/event-stream.ts";

const graceMs = 1_200;

interface ConnectionNoteProps {
  state: StreamState;
  /** What stands here while all is well; the note takes its place, so that nothing moves. */
  children: ReactNode;
}

/** Says calmly that live updates are interrupted; a drop that mends at once is not worth a word. */
export function ConnectionNote({ state, children }: ConnectionNoteProps) {
  const [worthSaying, setWorthSaying] = useState(false);
  useEffect(() => {
    if (state === "live") return setWorthSaying(false);
    const timer = setTimeout(() => setWorthSaying(true), graceMs);
    return () => clearTimeout(timer);
  }, [state]);

  return (
    <span>
      {/* Always there: a screen reader announces what changes inside it, not its arrival. */}
      <span className="connection" role="status" data-testid="connection" data-state={state}>
        {worthSaying ? "Live updates are interrupted; reconnecting. Your ride goes on." : ""}
      </span>
      {!worthSaying && children}
    </span>
  );
}
