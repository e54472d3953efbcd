import {
  bytesPayload,
  type AwsAnswer,
  type AwsConnection,
  type AwsRequest,
  type Payload,
} from "./aws-connection.ts";
import { AwsFault, faultOfAnswer } from "./aws-fault.ts";
import type { Retry } from "./retry.ts";

/** What a browser is told of an object. */
export interface ObjectHeaders {
  contentType: string;
  cacheControl: string;
}

export interface BucketObject {
  bytes: Buffer;
  etag: string;
}

/** One bucket, each call tried again within the budget. Rejects with AwsFault. All but `replace` are the same done twice. */
export interface SiteBucket {
  readonly name: string;
  get(key: string, signal: AbortSignal): Promise<BucketObject | null>;
  put(key: string, content: { payload: Payload; headers: ObjectHeaders }, signal: AbortSignal): Promise<void>;
  /** Only what has this tag, null: only when there is nothing; "refused": something else stands there, perhaps one's own. */
  replace(
    key: string,
    content: { payload: Payload; headers: ObjectHeaders; etag: string | null },
    signal: AbortSignal,
  ): Promise<{ etag: string } | "refused">;
  /** Inside the bucket; nothing travels. "absent": there is nothing under `from`. */
  copy(
    names: { from: string; to: string },
    headers: ObjectHeaders,
    signal: AbortSignal,
  ): Promise<"copied" | "absent">;
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** A thousand with each request. */
  removeMany(keys: string[], signal: AbortSignal): Promise<void>;
}

export interface SiteBucketOptions {
  name: string;
  connection: AwsConnection;
  retry: Retry;
  /** Where the bucket is found by path: `/name`; empty where it is part of the host's name. */
  base: string;
}

/** As the signature wants it: every byte but unreserved ones, and slashes. */
export const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const MOST_DELETED = 1_000;

export const makeSiteBucket = ({ name, connection, retry, base }: SiteBucketOptions): SiteBucket => {
  const pathOf = (key: string) => `${base}/${encodeKey(key)}`;
  const ask = (request: AwsRequest, signal: AbortSignal): Promise<AwsAnswer> =>
    retry((attemptSignal) => connection.send(request, attemptSignal), {
      bytes: request.body?.bytes ?? 0,
      signal,
    });
  const putRequest = (
    key: string,
    { payload, headers }: { payload: Payload; headers: ObjectHeaders },
    conditions: Record<string, string> = {},
  ): AwsRequest => ({
    method: "PUT",
    path: pathOf(key),
    headers: { ...sent(headers), ...checksumOf(payload), ...conditions },
    body: payload,
  });
  return {
    name,
    get: async (key, signal) => {
      try {
        const { body, headers } = await ask({ method: "GET", path: pathOf(key) }, signal);
        return { bytes: body, etag: String(headers["etag"] ?? "") };
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    put: async (key, content, signal) => {
      await ask(putRequest(key, content), signal);
    },
    replace: async (key, { etag, ...content }, signal) => {
      const condition: Record<string, string> =
        etag === null ? { "if-none-match": "*" } : { "if-match": etag };
      try {
        const { headers } = await ask(putRequest(key, content, condition), signal);
        return { etag: String(headers["etag"] ?? "") };
      } catch (error) {
        // Absent: `If-Match` met no object at all.
        if (error instanceof AwsFault && (error.status === 412 || isAbsent(error))) return "refused";
        throw error;
      }
    },
    copy: async ({ from, to }, headers, signal) => {
      const source = {
        "x-amz-copy-source": `/${name}/${encodeKey(from)}`,
        "x-amz-metadata-directive": "REPLACE",
      };
      const checksum = { "x-amz-checksum-algorithm": "SHA256" };
      const request: AwsRequest = {
        method: "PUT",
        path: pathOf(to),
        headers: { ...sent(headers), ...source, ...checksum },
      };
      const attempt = async (attemptSignal: AbortSignal) => {
        const { body } = await connection.send(request, attemptSignal);
        // S3 may find out that it cannot copy after it said 200.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
        if (body.includes("<Error>")) throw faultOfAnswer(500, body.toString("utf8"));
      };
      try {
        await retry(attempt, { bytes: 0, signal });
        return "copied";
      } catch (error) {
        if (isAbsent(error)) return "absent";
        throw error;
      }
    },
    remove: async (key, signal) => {
      await ask({ method: "DELETE", path: pathOf(key) }, signal);
    },
    removeMany: async (keys, signal) => {
      for (let at = 0; at < keys.length; at += MOST_DELETED) {
        const payload = bytesPayload(Buffer.from(deletionOf(keys.slice(at, at + MOST_DELETED))));
        const headers = { "content-type": "application/xml", ...checksumOf(payload) };
        const request: AwsRequest = {
          method: "POST",
          path: `${base}/`,
          query: "delete",
          headers,
          body: payload,
        };
        const { body } = await ask(request, signal);
        // Quiet: only what could not be deleted is told.
        if (body.includes("<Error>")) throw faultOfAnswer(403, body.toString("utf8"));
      }
    },
  };
};

/** Of an object, not of the bucket. */
const isAbsent = (error: unknown): boolean => error instanceof AwsFault && error.code === "NoSuchKey";

const sent = ({ contentType, cacheControl }: ObjectHeaders): Record<string, string> => ({
  "content-type": contentType,
  "cache-control": cacheControl,
});

/** Kept with the object, and compared by S3 before it stores anything. */
const checksumOf = ({ sha256 }: Payload): Record<string, string> => ({
  "x-amz-sdk-checksum-algorithm": "SHA256",
  "x-amz-checksum-sha256": Buffer.from(sha256, "hex").toString("base64"),
});

const deletionOf = (keys: string[]): string =>
  `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${keys
    .map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`)
    .join("")}</Delete>`;

export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"'\r\n\t]/g, (char) => `&#${char.charCodeAt(0)};`);
