const FIRST_MS = 100;
const LONGEST_MS = 30_000;
const STEADY_MS = 60_000;

/** How long to wait before the next try: doubles from 100 ms to 30 s, and starts anew after a minute that went well. */
export const makeBackOff = () => {
  let failures = 0;
  return {
    nextMs: (wentWellMs: number): number => {
      failures = wentWellMs >= STEADY_MS ? 1 : failures + 1;
      return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
    },
  };
};
