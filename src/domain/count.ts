/** "1 file", "2 files"; "1 entry", "2 entries" with the plural given. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
