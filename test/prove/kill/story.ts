export type Tell = (text: string) => void;

/** What happened in a round, with its times: shown when the round fails. */
export interface Story {
  tell: Tell;
  lines(): string[];
}

export const makeStory = (): Story => {
  const startedMs = performance.now();
  const lines: string[] = [];
  return {
    tell: (text) =>
      void lines.push(`${`+${(performance.now() - startedMs).toFixed(0)}`.padStart(6)} ms  ${text}`),
    lines: () => lines,
  };
};
