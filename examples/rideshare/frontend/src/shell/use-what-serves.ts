import { useCallback, useState } from "react";
import type { ApiVersion } from "../api/contract.ts";
import { makeClient } from "../api/client.ts";
import { loadConfig, type Config } from "./config.ts";
import { usePolling } from "./use-polling.ts";

const call = makeClient({ token: null, onExpired: () => {} });
const lookEveryMs = 10_000;

interface WhatServes {
  /** The release that a reload would bring, when it is another than this page's. */
  newer: string | null;
  apiRevision: string;
  apiEnvironment: string | undefined;
}

/** Looks now and then which release and which API serve: a deployment may happen while the page is open. */
export function useWhatServes(page: Config): WhatServes {
  const [newer, setNewer] = useState<string | null>(null);
  const [api, setApi] = useState({ revision: "…", environment: undefined as string | undefined });

  const look = useCallback(
    async (signal: AbortSignal) => {
      const [site, version] = await Promise.all([
        loadConfig(),
        call<ApiVersion>("/api/version", { signal }).catch(() => null),
      ]);
      if (signal.aborted) return;
      if (site.release) setNewer(site.release === page.release ? null : site.release);
      setApi((now) =>
        version
          ? { revision: version.revision || version.version, environment: version.environment }
          : { ...now, revision: "unknown" },
      );
    },
    [page.release],
  );
  usePolling(look, lookEveryMs);

  return { newer, apiRevision: api.revision, apiEnvironment: api.environment };
}
