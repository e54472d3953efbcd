/** What `work` gives, or the signal's reason, whichever comes first; `work` goes on, and its end is nobody's any more. */
export const orAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  let forget = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    forget = () => signal.removeEventListener("abort", onAbort);
  });
  work.catch(() => undefined);
  return Promise.race([work, aborted]).finally(forget);
};
