import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { makeFileArtefacts } from "../../src/adapters/artefacts/file-artefacts.ts";
import { connectSite, type SiteConnection } from "../../src/adapters/aws/site/connect-site.ts";
import { RETRY_BUDGET, type RetryBudget } from "../../src/adapters/aws/site/retry.ts";
import { makeSitePublisher, type SitePublisher } from "../../src/adapters/aws/site/site-publisher.ts";
import type { SiteSpec } from "../../src/domain/revision.ts";
import type { Artefacts } from "../../src/ports/artefacts.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { EffectContext } from "../../src/ports/platform.ts";
import { startRig, type Rig } from "../rig/rig.ts";

export const BUCKET = "shop-sites";
const CREDENTIALS = { accessKeyId: "rig", secretAccessKey: "rig" };
const DISTRIBUTION = `<DistributionConfig><CallerReference>one</CallerReference><Enabled>true</Enabled><Comment>shop</Comment><Origins><Quantity>1</Quantity><Items><Origin><Id>site</Id><DomainName>${BUCKET}.s3.amazonaws.com</DomainName></Origin></Items></Origins><DefaultCacheBehavior><TargetOriginId>site</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy></DefaultCacheBehavior></DistributionConfig>`;

export let rig: Rig;
export let artefacts: Artefacts;
export let distribution: string;
let client: S3Client;
let home: string;
let open: SiteConnection[] = [];

/** The machine's clock, with waits of no length, and a wall that tests move. */
let wallMs = 1_800_000_000_000;
export const clock: Clock = {
  nowMs: () => wallMs,
  monotonicMs: () => performance.now(),
  // What is waited for longer than a retry is a time limit.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const wake = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const timer = setTimeout(wake, ms > 5_000 ? ms : 0);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
export const passDays = (days: number): void => void (wallMs += days * 86_400_000);

/** A rig with a versioned bucket and a distribution, and an empty artefact store, anew for each test. */
export const useSite = (): void => {
  beforeAll(async () => {
    rig = await startRig({ managedPolicies: false });
    client = new S3Client({
      endpoint: rig.url,
      region: rig.region,
      credentials: CREDENTIALS,
      forcePathStyle: true,
    });
  });
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "site-"));
    artefacts = makeFileArtefacts({ folder: join(home, "store") });
    await startAnew();
  });
  afterEach(async () => {
    await Promise.all(open.map((one) => one.close()));
    open = [];
    rmSync(home, { recursive: true, force: true });
  });
  afterAll(async () => {
    client.destroy();
    await rig.close();
  });
};

/** An empty bucket. Artefacts stay. */
export const startAnew = async (): Promise<void> => {
  await rig.reset();
  await client.send(
    new CreateBucketCommand({
      Bucket: BUCKET,
      CreateBucketConfiguration: { LocationConstraint: "eu-north-1" },
    }),
  );
  await client.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Enabled" } }),
  );
  const made = await fetch(`${rig.url}/2020-05-31/distribution`, {
    method: "POST",
    body: DISTRIBUTION,
    headers: {
      authorization:
        "AWS4-HMAC-SHA256 Credential=rig/20260101/us-east-1/cloudfront/aws4_request, SignedHeaders=host, Signature=0",
    },
  });
  distribution = /<Id>([^<]+)<\/Id>/.exec(await made.text())![1]!;
};

export const connect = (options: { budget?: Partial<RetryBudget>; bucket?: string } = {}): SiteConnection => {
  const connection = connectSite({
    contract: { bucket: options.bucket ?? BUCKET, distribution },
    region: rig.region,
    endpoint: rig.url,
    credentials: CREDENTIALS,
    clock,
    budget: { ...RETRY_BUDGET, ...options.budget },
  });
  open.push(connection);
  return connection;
};

/** As a process that has just started: it knows nothing of what was done before. */
export const publisher = (
  options: Parameters<typeof connect>[0] & { route?: string } = {},
): SitePublisher => {
  const { s3, cloudFront, gate } = connect(options);
  const site = { name: "web", prefix: "web/", route: options.route ?? "/*" };
  return makeSitePublisher({ s3, cloudFront, artefacts, clock, gate, site });
};

export const context = (deployment = "d-0001", epoch = 1): EffectContext => ({
  deployment,
  epoch,
  signal: new AbortController().signal,
});

export type Files = Record<string, string | Buffer>;

export const specOf = async (files: Files, settings: Record<string, string> = {}): Promise<SiteSpec> => {
  const root = mkdtempSync(join(home, "dist-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const { digest } = await artefacts.storeTree(root, Object.keys(files));
  return { site: "web", tree: digest, route: "/*", fallback: "index.html", settings };
};

export const release = (spec: SiteSpec) => ({ spec, release: spec.tree });

const keysBelow = async (prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for (let next: string | undefined, more = true; more; more = next !== undefined) {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix, ContinuationToken: next }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    next = page.NextContinuationToken;
  }
  return keys;
};

export const object = (key: string) =>
  client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, ChecksumMode: "ENABLED" }));

/** What browsers can ask for, read by the SDK: content by path. */
export const served = async (): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const key of await keysBelow("web/"))
    found[key.slice("web/".length)] = await (await object(key)).Body!.transformToString();
  return found;
};

export const keptKeys = (): Promise<string[]> => keysBelow(".switchback/web/kept/");

/** Requests to S3 while something runs. */
export const requestsOf = async (run: () => Promise<unknown>) => {
  const before = rig.log.calls().length;
  await run();
  return rig.log.calls().slice(before);
};
