export type Tell = (text: string) => void;

/** What happened in a round, with its times: shown when the round fails. */
export interface Story {
  tell: Tell;
  /** A time of this process as the story counts. */
  at(ms: number): string;
  lines(): string[];
}

export const makeStory = (): Story => {
  const startedMs = performance.now();
  const lines: string[] = [];
  return {
    at: (ms) => `+${(ms - startedMs).toFixed(0)} ms`,
    tell: (text) =>
      void lines.push(`${`+${(performance.now() - startedMs).toFixed(0)}`.padStart(6)} ms  ${text}`),
    lines: () => lines,
  };
};
