import { cbor } from "@smithy/core/cbor";
import type { Answer, Call, Json } from "./call.ts";
import { writeXml, type XmlObject } from "./xml.ts";

const REQUEST_ID = "00000000-0000-4000-8000-000000000000";

export const xmlAnswer = (
  content: XmlObject,
  options: { status?: number; headers?: Record<string, string> } = {},
): Answer => ({
  status: options.status ?? 200,
  headers: { "content-type": "text/xml", "x-amzn-requestid": REQUEST_ID, ...options.headers },
  body: Buffer.from(writeXml(content)),
});

export const jsonAnswer = (content: Json, { status = 200 } = {}): Answer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": REQUEST_ID },
  body: Buffer.from(JSON.stringify(content)),
});

export const emptyAnswer = (status = 204, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "x-amzn-requestid": REQUEST_ID, ...headers },
  body: Buffer.alloc(0),
});

/** `<ActionResponse><ActionResult>…`, the envelope of query services. */
export const queryAnswer = (call: Call, namespace: string, result: XmlObject): Answer =>
  xmlAnswer({
    [`${call.action}Response`]: {
      "@xmlns": namespace,
      [`${call.action}Result`]: result,
      ResponseMetadata: { RequestId: REQUEST_ID },
    },
  });

export interface AwsError {
  status: number;
  code: string;
  message: string;
}

/** An error as the service of the call would write it. */
export const errorAnswer = (call: Pick<Call, "protocol">, { status, code, message }: AwsError): Answer => {
  const error = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message };
  switch (call.protocol) {
    case "json":
      return jsonAnswer({ __type: code, message }, { status });
    case "rest-json": {
      const answer = jsonAnswer({ message }, { status });
      return { ...answer, headers: { ...answer.headers, "x-amzn-errortype": code } };
    }
    case "cbor":
      return {
        status,
        headers: {
          "content-type": "application/cbor",
          "smithy-protocol": "rpc-v2-cbor",
          "x-amzn-query-error": `${code};${error.Type}`,
        },
        body: Buffer.from(cbor.serialize({ __type: code, message })),
      };
    case "s3":
      return xmlAnswer({ Error: { Code: code, Message: message, RequestId: REQUEST_ID } }, { status });
    case "ec2":
      return xmlAnswer(
        { Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: REQUEST_ID } },
        { status },
      );
    case "query":
    case "rest-xml":
      return xmlAnswer({ ErrorResponse: { Error: error, RequestId: REQUEST_ID } }, { status });
  }
};

/** Thrown by a gap, answered as the service would. */
export class Refused extends Error {
  readonly error: AwsError;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.error = { code, message, status };
  }
}
