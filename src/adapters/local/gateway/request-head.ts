import type { IncomingMessage } from "node:http";

/** What the gateway must not pass on: the request could be understood differently by it and by the instance. */
export class RequestRefused extends Error {}

export const hasBody = (request: IncomingMessage): boolean => {
  const { headers } = request;
  return (
    headers["transfer-encoding"] !== undefined ||
    (headers["content-length"] !== undefined && headers["content-length"] !== "0")
  );
};

/** Path and query as the instance gets them; null for targets that name no path (`*`, an authority). */
export const targetPath = (url: string): string | null => {
  if (url.charCodeAt(0) === 47) return url;
  const absolute = /^https?:\/\/[^/?#]*([^#]*)/i.exec(url);
  if (absolute === null) return null;
  const path = absolute[1] ?? "";
  return path.startsWith("/") ? path : `/${path}`;
};

/**
 * The head that the instance gets: the client's headers as they came, less those that concern one connection (RFC 9110, 7.6.1),
 * with X-Forwarded-For, -Proto and -Host set fresh, since the gateway is the edge and a client's own word is worth nothing.
 * The client's parser has refused control characters already.
 */
export const requestHead = (
  request: IncomingMessage,
  options: { path: string; clientAddress: string; upgrade: string | null },
): string => {
  const raw = request.rawHeaders;
  const listed = listedNames(request.headers.connection);
  let head = `${request.method ?? "GET"} ${options.path} HTTP/1.1\r\n`;
  let host: string | null = null;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    if (name.length === 4 && isNamed(name, "host")) {
      if (host !== null) throw new RequestRefused("more than one Host header");
      host = value;
    } else if (isDropped(name) || (listed !== null && listed.includes(name.toLowerCase()))) continue;
    head += `${name}: ${value}\r\n`;
  }
  if (request.headers["transfer-encoding"] !== undefined) {
    if (request.headers["content-length"] !== undefined)
      throw new RequestRefused("Content-Length together with Transfer-Encoding");
    head += "Transfer-Encoding: chunked\r\n";
  }
  if (options.upgrade !== null) head += `Connection: Upgrade\r\nUpgrade: ${options.upgrade}\r\n`;
  return `${head}X-Forwarded-For: ${options.clientAddress}\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: ${host ?? ""}\r\n\r\n`;
};

const listedNames = (connection: string | undefined): string[] | null => {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return null;
  // A client must not be able to take away what we add or what routes the request.
  return connection
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "host" && name !== "content-length");
};

const isNamed = (name: string, wanted: string): boolean => name === wanted || name.toLowerCase() === wanted;

/** By length first: most names are decided by one comparison of numbers. */
const isDropped = (name: string): boolean => {
  switch (name.length) {
    case 2:
      return isNamed(name, "te");
    case 6:
      return isNamed(name, "expect");
    case 7:
      return isNamed(name, "trailer") || isNamed(name, "upgrade");
    case 10:
      return isNamed(name, "connection") || isNamed(name, "keep-alive");
    case 15:
      return isNamed(name, "x-forwarded-for");
    case 16:
      return isNamed(name, "proxy-connection") || isNamed(name, "x-forwarded-host");
    case 17:
      return isNamed(name, "transfer-encoding") || isNamed(name, "x-forwarded-proto");
    case 19:
      return isNamed(name, "proxy-authorization");
    default:
      return false;
  }
};
