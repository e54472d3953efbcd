import { fileURLToPath } from "node:url";
import { composeApi } from "./compose.ts";
import { ConfigError, readConfig } from "./config.ts";
import { errorFields, makeLog } from "./log.ts";

const log = makeLog((line) => void process.stdout.write(line));
// The sources and the bundle are both one folder below the migrations.
const migrationsFolder = fileURLToPath(new URL("../migrations", import.meta.url));
const lastMomentMs = 4_500;

try {
  const api = await composeApi(readConfig(process.env), { log, migrationsFolder });
  const address = await api.listen();
  log.info("Listening", { address });

  const stop = (signal: NodeJS.Signals): void => {
    log.info("Stopping", { signal });
    // Whatever is still open then is cut off: the platform would kill the process next.
    setTimeout(() => {
      log.warn("Some requests were cut off");
      process.exit(0);
    }, lastMomentMs).unref();
    api.stop().then(
      () => {
        log.info("Stopped");
        process.exit(0);
      },
      (error: unknown) => {
        log.error("The shutdown failed", errorFields(error));
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
} catch (error) {
  log.error(
    "The API could not start",
    error instanceof ConfigError ? { error: error.message } : errorFields(error),
  );
  process.exit(error instanceof ConfigError ? 2 : 1);
}
