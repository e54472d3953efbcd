import type { ServerResponse } from "node:http";

export type GatewayErrorCode =
  "BAD_REQUEST" | "NO_ROUTE" | "UPSTREAM_FAILED" | "UPSTREAM_TIMEOUT" | "NO_INSTANCE" | "SITE_UNREADABLE";

const STATUS: Record<GatewayErrorCode, number> = {
  BAD_REQUEST: 400,
  NO_ROUTE: 404,
  UPSTREAM_FAILED: 502,
  UPSTREAM_TIMEOUT: 504,
  NO_INSTANCE: 503,
  SITE_UNREADABLE: 500,
};

/** The gateway's own answer: `{"error":{"code","message"}}`. Does nothing once a head has been sent. */
export const answerError = (response: ServerResponse, code: GatewayErrorCode, message: string): void => {
  if (response.headersSent || response.destroyed) return;
  const body = `${JSON.stringify({ error: { code, message } })}\n`;
  const headers = [
    "Content-Type",
    "application/json; charset=utf-8",
    "Content-Length",
    String(Buffer.byteLength(body)),
    "Cache-Control",
    "no-store",
  ];
  if (code === "NO_INSTANCE") headers.push("Retry-After", "1");
  if (code === "BAD_REQUEST") headers.push("Connection", "close");
  response.writeHead(STATUS[code], headers);
  response.end(body);
};

export const answerText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, [
    "Content-Type",
    "text/plain; charset=utf-8",
    "Content-Length",
    String(Buffer.byteLength(text)),
    "Cache-Control",
    "no-cache",
    "X-Content-Type-Options",
    "nosniff",
  ]);
  response.end(text);
};
