import type { Clock } from "../../../ports/clock.ts";
import { bytesPayload, type AwsConnection } from "./aws-connection.ts";
import { AwsFault } from "./aws-fault.ts";
import type { Retry } from "./retry.ts";
import { encodeKey, escapeXml } from "./site-bucket.ts";

export interface InvalidationPolling {
  /** Share of the time that has passed, between these two. */
  share: number;
  leastMs: number;
  mostMs: number;
  /** After that it is not waited for any longer. */
  totalMs: number;
}

export const INVALIDATION_POLLING: InvalidationPolling = {
  share: 0.05,
  leastMs: 500,
  mostMs: 3_000,
  totalMs: 900_000,
};

/** What edges hold of one distribution. */
export interface EdgeCache {
  readonly distribution: string;
  /**
   * Resolves with the invalidation's id when no edge holds what was under these paths before. The same reference with the
   * same paths is the same invalidation, so a run after a crash waits for the one that the run before it started.
   * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html
   */
  invalidate(batch: { paths: string[]; reference: string }, signal: AbortSignal): Promise<string>;
}

export interface EdgeCacheDeps {
  distribution: string;
  connection: AwsConnection;
  retry: Retry;
  clock: Clock;
  polling?: InvalidationPolling;
}

export const makeEdgeCache = (deps: EdgeCacheDeps): EdgeCache => {
  const { distribution, connection, retry, clock, polling = INVALIDATION_POLLING } = deps;
  const place = `/2020-05-31/distribution/${encodeURIComponent(distribution)}/invalidation`;

  const invalidate: EdgeCache["invalidate"] = async (batch, signal) => {
    const startedMs = clock.monotonicMs();
    const body = bytesPayload(Buffer.from(batchOf(batch)));
    const headers = { "content-type": "application/xml" };
    let told = read(
      await retry((own) => connection.send({ method: "POST", path: place, headers, body }, own), {
        bytes: body.bytes,
        signal,
      }),
    );
    while (told.status !== "Completed") {
      const elapsedMs = clock.monotonicMs() - startedMs;
      if (elapsedMs > polling.totalMs) throw unfinished(told.id, elapsedMs);
      const waitMs = Math.min(polling.mostMs, Math.max(polling.leastMs, elapsedMs * polling.share));
      await clock.sleep(waitMs, signal);
      const path = `${place}/${encodeURIComponent(told.id)}`;
      told = read(await retry((own) => connection.send({ method: "GET", path }, own), { bytes: 0, signal }));
    }
    return told.id;
  };
  return { distribution, invalidate };
};

/** Above this many paths one for all of them is asked for: it costs as much as a single one, and has no quota to meet. */
const MOST_PATHS = 1_000;

/**
 * The paths to invalidate so that no edge holds an earlier form of these files of a site. A function turns the viewer's path
 * into the file's before the cache is asked; AWS advises to invalidate both.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */
export const invalidationPathsOf = (files: string[], route: string): string[] => {
  const base = route.replace(/\/?\*?$/, "");
  if (files.length > MOST_PATHS) return base === "" ? ["/*"] : ["/*", `${base}/*`];
  const bases = base === "" ? [""] : ["", base];
  return bases.flatMap((before) => files.map((file) => `${before}/${encodeKey(file)}`)).sort();
};

const batchOf = ({ paths, reference }: { paths: string[]; reference: string }): string =>
  `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>${paths.length}</Quantity><Items>${paths
    .map((path) => `<Path>${escapeXml(path)}</Path>`)
    .join("")}</Items></Paths><CallerReference>${escapeXml(reference)}</CallerReference></InvalidationBatch>`;

const read = ({ body, status: http }: { body: Buffer; status: number }): { id: string; status: string } => {
  const text = body.toString("utf8");
  const id = /<Id>([^<]+)<\/Id>/.exec(text)?.[1];
  const status = /<Status>([^<]+)<\/Status>/.exec(text)?.[1];
  if (id === undefined || status === undefined)
    throw new AwsFault("UnreadableAnswer", "CloudFront's answer names no invalidation", { status: http });
  return { id, status };
};

const unfinished = (id: string, elapsedMs: number): AwsFault =>
  new AwsFault(
    "InvalidationUnfinished",
    `the invalidation ${id} is not completed after ${Math.round(elapsedMs / 1_000)} s`,
    { status: null },
  );
