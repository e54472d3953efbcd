/** Who holds the lock of a state, as Terraform tells it. */
export interface LockInfo {
  id: string;
  /** `anna@laptop` */
  who: string;
  /** "apply", "plan", "refresh" … */
  operation: string;
  /** ISO 8601; null where it cannot be read. */
  since: string | null;
}

/** The "Lock Info" of an error's text; null: it has none. */
export const lockInfoIn = (detail: string): LockInfo | null => {
  const value = (name: string): string | null =>
    new RegExp(`^\\s*${name}:[ \\t]+(.+?)\\s*$`, "m").exec(detail)?.[1] ?? null;
  const id = value("ID");
  if (id === null) return null;
  const at = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,3})?\d* \+0000/.exec(value("Created") ?? "");
  return {
    id,
    who: value("Who") ?? "somebody",
    operation: (value("Operation") ?? "").replace(/^OperationType/, "").toLowerCase() || "run",
    since: at === null ? null : `${at[1]}T${at[2]}${at[3] ?? ""}Z`,
  };
};
