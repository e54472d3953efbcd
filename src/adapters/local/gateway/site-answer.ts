import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { sha256 } from "../../../domain/digest.ts";
import type { FileTree } from "../../../domain/file-tree.ts";
import { answerError, answerText } from "./error-answer.ts";
import type { GatewayLimits } from "./limits.ts";
import { acceptedEncodings, SiteCompression, type Encoding } from "./site-compression.ts";
import { isNotModified, rangeOf } from "./site-conditions.ts";
import { SiteFiles } from "./site-files.ts";
import {
  contentType,
  decodeSitePath,
  findFile,
  findPage,
  isCompressible,
  isHashed,
  meansPage,
  type SiteFile,
} from "../../../domain/site-path.ts";
import type { GatewaySite } from "./types.ts";

const FOR_EVER = "public, max-age=31536000, immutable";

interface Found {
  root: string;
  tree: FileTree;
  file: SiteFile;
  /** Decides type and caching: of a link, the name that was asked for. */
  name: string;
}

export interface SiteAnswers {
  answer(
    site: GatewaySite,
    at: { path: string; base: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): void;
  close(): void;
}

/**
 * Serves sites as a CDN would: files by the manifest only, pages for paths of client-side routing, 404 for missing assets, the assets
 * of earlier releases for tabs that are still open. Hashed names are immutable, everything else is asked for again each time.
 */
export const makeSiteAnswers = (limits: GatewayLimits): SiteAnswers => {
  const files = new SiteFiles(limits.cacheBytes);
  const compression = new SiteCompression(limits.cacheBytes);
  return {
    answer: (site, { path, base }, request, response) => {
      if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(response);
      const wanted = decodeSitePath(path, base);
      if (wanted === null)
        return answerError(response, "BAD_REQUEST", "the path is not valid percent-encoding");
      if (wanted === "config.json") return answerConfig(site, request, response);
      const found = find(site, wanted, request.headers.accept);
      if (found === null) return answerText(response, 404, "Not found\n");
      sendFile(found, request, response, { files, compression });
    },
    close: () => compression.close(),
  };
};

const find = (site: GatewaySite, wanted: string, accept: string | undefined): Found | null => {
  const { root, tree } = site;
  const file = findPage(tree, wanted);
  if (file !== null) return { root, tree, file, name: file.path.endsWith("index.html") ? file.path : wanted };
  if (meansPage(wanted, accept)) {
    const page = findFile(tree, site.fallback);
    return page === null ? null : { root, tree, file: page, name: site.fallback };
  }
  for (const earlier of site.earlier) {
    const old = findFile(earlier.tree, wanted);
    if (old !== null) return { ...earlier, file: old, name: wanted };
  }
  return null;
};

const refuseMethod = (response: ServerResponse): void => {
  response.writeHead(405, ["Allow", "GET, HEAD", "Content-Length", "0"]);
  response.end();
};

const answerConfig = (site: GatewaySite, request: IncomingMessage, response: ServerResponse): void => {
  const body = Buffer.from(site.config);
  const etag = `"${sha256(body)}"`;
  const headers = baseHeaders("config.json", etag, "no-cache");
  if (isNotModified(request.headers["if-none-match"], etag)) return sendEmpty(response, 304, headers);
  sendBytes(request, response, 200, headers, body);
};

const baseHeaders = (name: string, etag: string, cacheControl: string): string[] => [
  "Content-Type",
  contentType(name),
  "Cache-Control",
  cacheControl,
  "ETag",
  etag,
  "X-Content-Type-Options",
  "nosniff",
];

interface Stores {
  files: SiteFiles;
  compression: SiteCompression;
}

const sendFile = (found: Found, request: IncomingMessage, response: ServerResponse, stores: Stores): void => {
  const { file, name } = found;
  const cacheControl = isHashed(name) ? FOR_EVER : "no-cache";
  const compressible = isCompressible(name);
  const vary = compressible ? ["Vary", "Accept-Encoding"] : [];
  const plainTag = `"${file.sha256}"`;
  // A part of a compressed form is of no use to anybody: ranges are of the plain file.
  const coded =
    compressible && request.headers.range === undefined ? findCoded(found, request, stores) : null;
  const etag = coded === null ? plainTag : `"${file.sha256}-${coded.encoding}"`;
  const headers = [...baseHeaders(name, etag, cacheControl), ...vary];
  const tags = request.headers["if-none-match"];
  if (isNotModified(tags, etag) || isNotModified(tags, plainTag)) return sendEmpty(response, 304, headers);
  if (coded !== null) {
    headers.push("Content-Encoding", coded.encoding);
    if ("bytes" in coded) sendBytes(request, response, 200, headers, coded.bytes);
    else
      sendFromDisk({ ...found, file: coded.file }, request, response, {
        headers,
        files: stores.files,
        part: null,
      });
    return;
  }
  headers.push("Accept-Ranges", "bytes");
  const range = rangeOf(request.headers, etag, file.bytes);
  if (range.kind === "none") {
    return sendEmpty(response, 416, ["Content-Range", `bytes */${file.bytes}`, "Content-Length", "0"]);
  }
  const part = range.kind === "part" ? range : null;
  sendFromDisk(found, request, response, { headers, files: stores.files, part });
};

type Coded = { encoding: Encoding } & ({ bytes: Buffer } | { file: SiteFile });

/** A form that the build made, or one that was made here before. */
const findCoded = (found: Found, request: IncomingMessage, { files, compression }: Stores): Coded | null => {
  const { root, tree, file } = found;
  const accepted = acceptedEncodings(request.headers["accept-encoding"]);
  for (const encoding of accepted) {
    const made = findFile(tree, `${file.path}.${encoding === "br" ? "br" : "gz"}`);
    if (made !== null) return { encoding, file: made };
  }
  for (const encoding of accepted) {
    const bytes = compression.get(file, encoding, () => files.read(root, file));
    if (bytes !== null) return { encoding, bytes };
  }
  return null;
};

const sendFromDisk = (
  { root, file }: Found,
  request: IncomingMessage,
  response: ServerResponse,
  options: { headers: string[]; files: SiteFiles; part: { start: number; end: number } | null },
): void => {
  const { headers, files, part } = options;
  const status = part === null ? 200 : 206;
  const { start, end } = part ?? { start: 0, end: file.bytes - 1 };
  if (part !== null) headers.push("Content-Range", `bytes ${start}-${end}/${file.bytes}`);
  if (request.method === "HEAD" || file.bytes === 0) {
    headers.push("Content-Length", String(end - start + 1));
    return sendEmpty(response, status, headers);
  }
  const send = (content: Buffer): void =>
    sendBytes(request, response, status, headers, content.subarray(start, end + 1));
  const cached = files.peek(file);
  if (cached !== null) return send(cached);
  if (files.isSmall(file)) {
    files
      .read(root, file)
      .then(send, () => answerError(response, "SITE_UNREADABLE", `${file.path} cannot be read`));
    return;
  }
  headers.push("Content-Length", String(end - start + 1));
  const stream = files.stream(root, file, { start, end });
  stream.once("open", () => response.writeHead(status, headers));
  stream.once("error", () => answerError(response, "SITE_UNREADABLE", `${file.path} cannot be read`));
  stream.once("open", () => pipeline(stream, response, () => {}));
};

const sendEmpty = (response: ServerResponse, status: number, headers: string[]): void => {
  response.writeHead(status, headers);
  response.end();
};

const sendBytes = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: string[],
  bytes: Buffer,
): void => {
  headers.push("Content-Length", String(bytes.length));
  response.writeHead(status, headers);
  response.end(request.method === "HEAD" ? undefined : bytes);
};
