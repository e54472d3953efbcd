import { setTimeout as wait } from "node:timers/promises";

/** Users that act, think and act again for as long as it goes on; each of the promises ends when its user has stopped. */
export const makeLoops = (goesOn: () => boolean, thinkMs: number) => {
  const loop = async (act: (n: number) => Promise<void>): Promise<void> => {
    await wait(Math.random() * thinkMs);
    for (let n = 0; goesOn(); n++) {
      await act(n);
      await wait(thinkMs);
    }
  };
  return (count: number, act: (n: number) => Promise<void>): Promise<void>[] =>
    Array.from({ length: count }, () => loop(act));
};
