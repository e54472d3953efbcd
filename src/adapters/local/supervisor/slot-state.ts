export type SlotState = "starting" | "healthy" | "unhealthy" | "waiting" | "draining" | "stopped";

/** Where a slot stands. Draining leads to stopped alone, and stopped to nothing. */
export const makeSlotState = (onChange: () => void) => {
  const listeners: (() => void)[] = [];
  let now: SlotState = "starting";
  return {
    now: (): SlotState => now,
    become: (next: SlotState): void => {
      if (now === next || now === "stopped" || (now === "draining" && next !== "stopped")) return;
      now = next;
      for (const tell of listeners.splice(0)) tell();
      onChange();
    },
    /** Resolves at the next change. */
    changed: (): Promise<void> => new Promise((resolve) => listeners.push(resolve)),
  };
};
