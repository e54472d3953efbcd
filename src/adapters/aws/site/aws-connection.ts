import { createHash, createHmac } from "node:crypto";
import { Readable } from "node:stream";
import { SignatureV4 } from "@smithy/signature-v4";
import { Pool } from "undici";
import { sha256, type Digest } from "../../../domain/digest.ts";
import { faultOfAnswer } from "./aws-fault.ts";

export type Credentials = ConstructorParameters<typeof SignatureV4>[0]["credentials"];

/** What is sent. `open` is asked once a try, as a try that failed may have read half of it. */
export interface Payload {
  sha256: Digest;
  bytes: number;
  open(): Promise<Uint8Array> | AsyncIterable<Uint8Array>;
}

export interface AwsRequest {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** Percent-encoded, from the first slash on. */
  path: string;
  /** A sub-resource such as `delete`: a name without a value. */
  query?: string;
  headers?: Record<string, string>;
  body?: Payload;
}

export interface AwsAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface AwsConnectionOptions {
  service: "s3" | "cloudfront";
  region: string;
  /** `https://bucket.s3.eu-north-1.amazonaws.com` */
  origin: string;
  credentials: Credentials;
  /** Requests on their way at once. */
  connections: number;
}

/** Requests to one service, each signed and tried once; retries are `makeRetry`'s. An answer other than 2xx rejects with AwsFault. */
export interface AwsConnection {
  send(request: AwsRequest, signal: AbortSignal): Promise<AwsAnswer>;
  close(): Promise<void>;
}

const NOTHING: Payload = { sha256: sha256(""), bytes: 0, open: async () => new Uint8Array() };
const CONNECT_MS = 5_000;

export const bytesPayload = (bytes: Uint8Array): Payload => ({
  sha256: sha256(bytes),
  bytes: bytes.length,
  open: async () => bytes,
});

/** The payload's digest is what S3 checks the body by: the signature covers it, so it is computed once for both. */
export const makeAwsConnection = (options: AwsConnectionOptions): AwsConnection => {
  const { service, region, origin, credentials, connections } = options;
  const { protocol, host, hostname } = new URL(origin);
  const pool = new Pool(origin, { connections, pipelining: 1, connect: { timeout: CONNECT_MS } });
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256: NodeSha256,
    // S3 signs a path as it is sent; the other services sign it encoded once more.
    uriEscapePath: service !== "s3",
    applyChecksum: false,
  });

  const send = async (request: AwsRequest, signal: AbortSignal): Promise<AwsAnswer> => {
    const { method, path, query, body = NOTHING } = request;
    const signed = await signer.sign({
      method,
      protocol,
      hostname,
      path,
      query: query === undefined ? {} : { [query]: "" },
      headers: { ...request.headers, host, "x-amz-content-sha256": body.sha256 },
    });
    const answer = await pool.request({
      method,
      path: query === undefined ? path : `${path}?${query}`,
      headers:
        method === "PUT" || method === "POST"
          ? { ...signed.headers, "content-length": String(body.bytes) }
          : signed.headers,
      ...(body.bytes === 0 ? {} : { body: await opened(body) }),
      signal,
    });
    const received = Buffer.from(await answer.body.arrayBuffer());
    const { statusCode: status, headers } = answer;
    if (status >= 200 && status < 300) return { status, headers, body: received };
    const elsewhere = headers["x-amz-bucket-region"];
    throw faultOfAnswer(status, received.toString("utf8"), typeof elsewhere === "string" ? elsewhere : null);
  };

  return { send, close: () => pool.destroy() };
};

const opened = async (body: Payload): Promise<Uint8Array | Readable> => {
  const content = await body.open();
  return content instanceof Uint8Array ? content : Readable.from(content, { objectMode: false });
};

/** Node's digests in the form that the signer asks for. */
class NodeSha256 {
  private readonly hash: { update(data: Uint8Array | string): unknown; digest(): Buffer };

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash =
      secret === undefined ? createHash("sha256") : createHmac("sha256", secret as string | Uint8Array);
  }

  update(data: Uint8Array | string): void {
    this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    // The signer makes a new one for each use.
  }
}
