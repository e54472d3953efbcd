const MASK = "***";

/** Replaces every value in a text; longer values first, so that one inside another leaves no rest. */
export const makeMask = (values: string[]): ((text: string) => string) => {
  const parts = values
    .flatMap((value) => value.split("\n"))
    .filter((value) => value.trim().length > 0)
    .sort((a, b) => b.length - a.length);
  return (text) => parts.reduce((masked, value) => masked.replaceAll(value, MASK), text);
};

export type Mask = ReturnType<typeof makeMask>;
