import { setTimeout as sleep } from "node:timers/promises";
import { demoPassword } from "../seed/people.ts";

const longestPauseMs = 3_000;
const requestTimeoutMs = 10_000;

/** An answer that a retry would not change. */
export class RefusedError extends Error {
  override name = "RefusedError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface ApiClient {
  /**
   * Retries until the API answers, also across a restart or a deployment, or until `until`, by default the client's own
   * signal, ends it. Throws RefusedError on a 4xx.
   */
  call<T>(method: string, path: string, body?: unknown, until?: AbortSignal): Promise<T>;
  /** One open stream; the caller reconnects. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

export interface Counters {
  requests: number;
  retries: number;
  ridesCompleted: number;
  ridesRequested: number;
}

export interface ClientOptions {
  baseUrl: string;
  email: string;
  signal: AbortSignal;
  counters: Counters;
}

/** Speaks to the API as one of the seeded people; signs in by itself, and again when the token is gone. */
export const makeApiClient = ({ baseUrl, email, signal, counters }: ClientOptions): ApiClient => {
  let token: string | null = null;
  const send = (method: string, path: string, body: unknown, limit: AbortSignal): Promise<Response> =>
    fetch(new URL(path, baseUrl), {
      method,
      signal: limit,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const signIn = async (until: AbortSignal): Promise<void> => {
    const answer = await readAnswer<{ token: string }>(
      await send("POST", "/api/sessions", { email, password: demoPassword }, timeLimit(until)),
    );
    token = answer.token;
  };
  const attempt = async (request: [string, string, unknown], until: AbortSignal): Promise<Response> => {
    if (token === null) await signIn(until);
    counters.requests += 1;
    return send(...request, timeLimit(until));
  };

  return {
    async call<T>(method: string, path: string, body?: unknown, until = signal) {
      for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        try {
          return await readAnswer<T>(await attempt([method, path, body], until));
        } catch (error) {
          if (until.aborted) throw error;
          if (error instanceof RefusedError) {
            if (error.code !== "UNAUTHENTICATED") throw error;
            token = null;
          }
          counters.retries += 1;
          // Jitter, so that all simulated people do not come back in the same instant.
          await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal: until });
        }
      }
    },
    async stream(path, streamSignal) {
      if (token === null) await signIn(signal);
      const response = await send("GET", path, undefined, streamSignal);
      if (response.status === 401) token = null;
      if (!response.ok || !response.body) throw new Error(`${path} answered ${response.status}`);
      return response.body;
    },
  };
};

const timeLimit = (signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);

const readAnswer = async <T>(response: Response): Promise<T> => {
  const text = await response.text();
  if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as T;
  if (response.status >= 500 || response.status === 429)
    throw new Error(`The API answered ${response.status}`);
  throw new RefusedError(response.status, codeIn(text), `${response.status} ${text.slice(0, 200)}`);
};

const codeIn = (text: string): string => {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? "";
  } catch {
    return "";
  }
};
