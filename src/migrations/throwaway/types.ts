/** A PostgreSQL of one rehearsal: empty but for `postgres`, in memory, gone with this process however it ends. */
export interface ThrowawayServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly major: number;
  /** "18.4" */
  readonly version: string;
  /** "system": the machine's own server of that major; "package": the npm package's. */
  readonly origin: "system" | "package";
  readonly superuser: Login;
  /** `postgres://…` of a database on this server; as the superuser unless a login is given. */
  url(database: string, login?: Login): string;
  /** Stops at once: nothing in it is wanted any more. Safe to call twice. */
  stop(): Promise<void>;
}

export interface Login {
  user: string;
  password: string;
}
