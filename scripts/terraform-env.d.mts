export const terraformEnv: () => { env: Record<string, string>; close: () => void };
