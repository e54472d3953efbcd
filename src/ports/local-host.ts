export interface LocalSecret {
  name: string;
  current: string;
  versions: string[];
}

/** The machine as a place to run environments: the supervisor's life, its logs, and the secrets kept here. */
export interface LocalHost {
  /** Runs the supervisor in the foreground until the signal is aborted. */
  up(options: { port: number | null; signal: AbortSignal; onReady: (urls: string[]) => void }): Promise<void>;
  /** Stops it and everything it runs. False: it did not run. */
  down(options: { signal: AbortSignal; onProgress: (text: string) => void }): Promise<boolean>;
  /** The log lines of an environment, oldest first; with `follow` it goes on until the signal is aborted. */
  logs(options: LogOptions): Promise<void>;
  secrets: {
    list(environment: string): Promise<LocalSecret[]>;
    set(environment: string, name: string, value: { text: string }): Promise<{ version: string }>;
    remove(environment: string, name: string): Promise<boolean>;
  };
}

export interface LogOptions {
  environment: string;
  service: string | null;
  follow: boolean;
  lines: number;
  signal: AbortSignal;
  onLine: (instance: string, line: string) => void;
}
