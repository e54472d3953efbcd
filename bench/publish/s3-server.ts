import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A bucket server that stores and does nothing else, in a process of its own: s3-server.mjs DELAY_MS. Every answer waits until so
// long after its request came in whole. It prints its port, and says at /_count how many requests came since the last time.
interface Stored {
  body: Buffer;
  etag: string;
  headers: Record<string, string>;
  at: Date;
}

const delayMs = Number(process.argv[2] ?? 0);
const objects = new Map<string, Stored>();
let count = 0;

/** What SDKs send in chunks with a checksum behind them. */
const unchunk = (body: Buffer): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = body.indexOf("\r\n", at);
    const size = parseInt(body.toString("latin1", at, end), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
};

const KEPT = /^(content-type|cache-control|x-amz-meta-.*)$/;
const put = (key: string, { headers }: IncomingMessage, sent: Buffer): Stored => {
  const body = headers["content-encoding"]?.includes("aws-chunked") === true ? unchunk(sent) : sent;
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name)) as [string, string][];
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  const stored = { body, etag, headers: Object.fromEntries(kept), at: new Date() };
  objects.set(key, stored);
  return stored;
};

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const list = (bucket: string, query: URLSearchParams): string => {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? query.get("marker") ?? query.get("start-after") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  /** With a delimiter, what lies below a folder is told as the folder. */
  const told = (key: string): string => {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    return end === -1 ? key : key.slice(0, end + 1);
  };
  const below = [...objects.keys()]
    .filter((key) => key.startsWith(`${bucket}/${prefix}`))
    .map((key) => told(key.slice(bucket.length + 1)));
  const keys = [...new Set(below)].filter((key) => key > after).sort();
  const page = keys.slice(0, 1_000);
  const more = keys.length > page.length;
  const contents = page.map((key) => {
    const found = objects.get(`${bucket}/${key}`);
    if (found === undefined) return `<CommonPrefixes><Prefix>${escape(key)}</Prefix></CommonPrefixes>`;
    const { etag, body, at } = found;
    return `<Contents><Key>${escape(key)}</Key><LastModified>${at.toISOString()}</LastModified><ETag>${escape(etag)}</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const next = more
    ? `<NextContinuationToken>${escape(page.at(-1)!)}</NextContinuationToken><NextMarker>${escape(page.at(-1)!)}</NextMarker>`
    : "";
  return `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name><Prefix>${escape(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>${more}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`;
};

const refuse = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
};

const answer = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const key = decodeURIComponent(url.pathname.slice(1));
  const [bucket = "", ...rest] = key.split("/");
  const ofBucket = rest.join("/") === "";
  const { method, headers } = request;
  const found = objects.get(key);
  if (ofBucket && method === "GET") return void response.end(list(bucket, url.searchParams));
  if (ofBucket) return void response.end();
  switch (method ?? "GET") {
    case "PUT": {
      const match = headers["if-match"];
      if ((headers["if-none-match"] === "*" && found) || (match !== undefined && match !== found?.etag))
        return refuse(response, 412, "PreconditionFailed");
      const source = headers["x-amz-copy-source"];
      const from =
        typeof source === "string" ? objects.get(decodeURIComponent(source.replace(/^\//, ""))) : undefined;
      if (source !== undefined && from === undefined) return refuse(response, 404, "NoSuchKey");
      const { etag, at } = put(key, request, from?.body ?? body);
      const copied = `<CopyObjectResult><ETag>${etag}</ETag><LastModified>${at.toISOString()}</LastModified></CopyObjectResult>`;
      response.setHeader("etag", etag);
      return void response.end(source === undefined ? "" : copied);
    }
    case "GET":
    case "HEAD":
      if (found === undefined) return refuse(response, 404, "NoSuchKey");
      response.writeHead(200, {
        ...found.headers,
        etag: found.etag,
        "last-modified": found.at.toUTCString(),
        "content-length": found.body.length,
      });
      return void response.end(method === "HEAD" ? undefined : found.body);
    default:
      objects.delete(key);
      response.writeHead(204).end();
  }
};

const server = createServer((request, response) => {
  if (request.url === "/_count") {
    response.end(String(count));
    count = 0;
    return;
  }
  if (request.url === "/_forget") {
    objects.clear();
    return void response.end();
  }
  count += 1;
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    setTimeout(() => answer(request, body, response), delayMs);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
// Whoever started it went away.
process.stdin.resume().on("end", () => process.exit(0));
