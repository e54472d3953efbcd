import type { Config } from "./config.ts";
import { useWhatServes } from "./use-what-serves.ts";

/** Says which release serves this page and which revision of the API answers it, and when there is a newer page. */
export function Footer({ config }: { config: Config }) {
  const { newer, apiRevision, apiEnvironment } = useWhatServes(config);
  return (
    <footer className="footer">
      <p className="release" data-testid="release">
        <span>release {config.release ?? "unknown"} </span>
        <span>api revision {shorten(apiRevision)} </span>
        <span>{config.environment ?? apiEnvironment ?? "local"}</span>
      </p>
      {/* Always there: a screen reader announces what changes inside it. */}
      <p className="newer" role="status">
        {newer !== null && (
          <>
            {newer} is served now.{" "}
            <button
              type="button"
              className="button-plain"
              data-testid="newer"
              onClick={() => location.reload()}
            >
              Reload
            </button>
          </>
        )}
      </p>
    </footer>
  );
}

// A full git hash says no more to a reader than its first twelve characters.
const shorten = (revision: string) => (/^[0-9a-f]{32,64}$/.test(revision) ? revision.slice(0, 12) : revision);
