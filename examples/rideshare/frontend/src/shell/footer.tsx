import { useEffect, useState } from "react";
import type { ApiVersion } from "../api/contract.ts";
import { makeClient } from "../api/client.ts";
import type { Config } from "./config.ts";

const call = makeClient({ token: null, onExpired: () => {} });

/** Says which release serves this page and which revision of the API answers it. */
export function Footer({ config }: { config: Config }) {
  const [revision, setRevision] = useState("…");
  const [apiEnvironment, setApiEnvironment] = useState<string>();

  useEffect(() => {
    const gone = new AbortController();
    call<ApiVersion>("/api/version", { signal: gone.signal }).then(
      (version) => {
        setRevision(version.revision || version.version);
        setApiEnvironment(version.environment);
      },
      () => {
        if (!gone.signal.aborted) setRevision("unknown");
      },
    );
    return () => gone.abort();
  }, []);

  return (
    <footer className="footer">
      <p className="release" data-testid="release">
        <span>release {config.release ?? "unknown"}</span> · <span>api revision {shorten(revision)}</span> ·{" "}
        <span>{config.environment ?? apiEnvironment ?? "local"}</span>
      </p>
    </footer>
  );
}

// A full git hash says no more to a reader than its first twelve characters.
const shorten = (revision: string) => (/^[0-9a-f]{32,64}$/.test(revision) ? revision.slice(0, 12) : revision);
