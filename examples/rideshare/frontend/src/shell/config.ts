/** What the release that serves the page says about itself; every field may be missing. */
export interface Config {
  environment?: string;
  release?: string;
  /** A sentence shown above every page. */
  notice?: string;
  /** How often the map asks for the drivers nearby. */
  nearbyIntervalMs?: number;
}

const patienceMs = 3_000;

/** Never rejects: the page works without a configuration, it only cannot say which release it is. */
export async function loadConfig(): Promise<Config> {
  try {
    const response = await fetch("/config.json", {
      cache: "no-cache",
      signal: AbortSignal.timeout(patienceMs),
    });
    // A server that falls back to index.html answers 200 with HTML when there is no config.json.
    if (!response.ok) return {};
    return pick((await response.json()) as unknown);
  } catch {
    return {};
  }
}

function pick(value: unknown): Config {
  if (typeof value !== "object" || value === null) return {};
  const { environment, release, notice, nearbyIntervalMs } = value as Record<string, unknown>;
  return {
    ...(typeof environment === "string" && { environment }),
    ...(typeof release === "string" && { release }),
    ...(typeof notice === "string" && { notice }),
    ...(typeof nearbyIntervalMs === "number" && nearbyIntervalMs >= 500 && { nearbyIntervalMs }),
  };
}
