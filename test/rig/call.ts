/** How a service writes what it is asked and what it answers. */
export type Protocol = "query" | "ec2" | "json" | "rest-json" | "rest-xml" | "s3" | "cbor";

/** A request to AWS, read and recognised. */
export interface Call {
  /** As in AWS's signatures ("rds", "elasticloadbalancing"), but "cloudwatch" for "monitoring". */
  service: string;
  region: string;
  /** The API's name for it ("CreateDBInstance"); where the rig has no table for it, method and path. */
  action: string;
  protocol: Protocol;
  method: string;
  /** Without its query. */
  path: string;
  /** The query as it was sent, with its "?". */
  search: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** The API server behind the proxy. */
export type Moto = (call: Call) => Promise<Answer>;

/** The form of a query-protocol call, empty for the others. */
export const formOf = (call: Call): URLSearchParams =>
  call.method === "POST" &&
  (call.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")
    ? new URLSearchParams(call.body.toString("utf8"))
    : call.query;

/** The call with another body; its length is told anew. */
export const withBody = (call: Call, body: string | Buffer): Call => ({ ...call, body: Buffer.from(body) });

export type Json = Record<string, unknown>;

/** The object in a JSON body; an empty body is an empty object. */
export const jsonOf = ({ body }: { body: Buffer }): Json =>
  body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Json);
