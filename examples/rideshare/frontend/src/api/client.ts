import { ApiError, errorFromResponse } from "./api-error.ts";

export interface CallOptions {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  file?: File;
  signal?: AbortSignal;
}

export interface ClientDeps {
  token: string | null;
  /** Called when the server no longer accepts the token. */
  onExpired: () => void;
}

export type Call = <T>(path: string, options?: CallOptions) => Promise<T>;

/** Every rejection is an ApiError, except an abort, which stays an AbortError. */
export const makeClient =
  ({ token, onExpired }: ClientDeps): Call =>
  async <T>(path: string, options: CallOptions = {}): Promise<T> => {
    const response = await send(path, options, token);
    if (!response.ok) {
      const error = await errorFromResponse(response);
      if (response.status === 401 && token) onExpired();
      throw error;
    }
    if (response.status === 204) return undefined as T;
    return readJson<T>(response);
  };

async function send(path: string, options: CallOptions, token: string | null): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  if (token) headers.set("authorization", `Bearer ${token}`);
  const init: RequestInit = { method: options.method ?? "GET", headers, cache: "no-store" };
  if (options.signal) init.signal = options.signal;
  if (options.file) {
    const form = new FormData();
    form.set("file", options.file);
    init.body = form;
  } else if (options.body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(path, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("UNREACHABLE", "no answer from the service", 0);
  }
}

async function readJson<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError("UNEXPECTED_ANSWER", "the answer was not JSON", response.status);
  }
}
