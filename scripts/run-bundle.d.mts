export const bundle: (entry: string, options?: { name?: string; plugins?: unknown[] }) => Promise<string>;
export const runBundle: (entry: string, args: string[]) => Promise<number>;
