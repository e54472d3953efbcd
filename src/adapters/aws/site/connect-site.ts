import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { SiteContract } from "../../../domain/contract.ts";
import type { Clock } from "../../../ports/clock.ts";
import { makeAwsConnection, type Credentials } from "./aws-connection.ts";
import { makeGate, type Gate } from "./gate.ts";
import { makeEdgeCache, type EdgeCache, type InvalidationPolling } from "./invalidation.ts";
import { makeRetry, RETRY_BUDGET, type RetryBudget } from "./retry.ts";
import { makeSiteBucket, type SiteBucket } from "./site-bucket.ts";
import { BYTES_AT_ONCE, REQUESTS_AT_ONCE } from "./site-publisher.ts";

export interface ConnectSiteOptions {
  contract: Pick<SiteContract, "bucket" | "distribution">;
  region: string;
  /** Instead of AWS's own, for S3 and CloudFront alike; the bucket is then part of the path. */
  endpoint: string | null;
  /** Instead of the SDK's chain: environment, profile, single sign-on, role. */
  credentials?: Credentials;
  clock: Clock;
  /** 0 to 1: spreads the waits between tries. */
  random?: () => number;
  budget?: RetryBudget;
  polling?: InvalidationPolling;
}

export interface SiteConnection {
  s3: SiteBucket;
  cloudFront: EdgeCache;
  gate: Gate;
  close(): Promise<void>;
}

/** Where a site's files go. Nothing is asked yet. CloudFront's API is in us-east-1, wherever the bucket is. */
export const connectSite = (options: ConnectSiteOptions): SiteConnection => {
  const { contract, region, endpoint, clock, random = Math.random, budget = RETRY_BUDGET } = options;
  const credentials = options.credentials ?? defaultProvider();
  const gate = makeGate({ requests: REQUESTS_AT_ONCE, bytes: BYTES_AT_ONCE });
  const { origin, base } = placeOf(contract.bucket, { region, endpoint });
  const s3 = makeAwsConnection({ service: "s3", region, origin, credentials, connections: REQUESTS_AT_ONCE });
  const edges = makeAwsConnection({
    service: "cloudfront",
    region: "us-east-1",
    origin: endpoint ?? "https://cloudfront.amazonaws.com",
    credentials,
    connections: 2,
  });
  const deps = { clock, random, budget };
  return {
    s3: makeSiteBucket({
      name: contract.bucket,
      connection: s3,
      retry: makeRetry({ ...deps, onThrottled: () => gate.narrow() }),
      base,
    }),
    cloudFront: makeEdgeCache({
      distribution: contract.distribution,
      connection: edges,
      retry: makeRetry(deps),
      clock,
      ...(options.polling === undefined ? {} : { polling: options.polling }),
    }),
    gate,
    close: async () => {
      await Promise.all([s3.close(), edges.close()]);
    },
  };
};

/** A dot in a bucket's name fits no certificate, so such a bucket is asked for by path. */
const placeOf = (bucket: string, { region, endpoint }: { region: string; endpoint: string | null }) => {
  if (endpoint !== null) return { origin: new URL(endpoint).origin, base: `/${bucket}` };
  const host = `s3.${region}.amazonaws.com`;
  return bucket.includes(".")
    ? { origin: `https://${host}`, base: `/${bucket}` }
    : { origin: `https://${bucket}.${host}`, base: "" };
};
