import { cbor, dateToTag } from "@smithy/core/cbor";
import { jsonOf, type Json, type Moto } from "./call.ts";

/** JSON tells times as numbers; in CBOR they are tagged. */
const IS_TIME = /Timestamps?$/;

const tagged = (value: unknown, name = ""): unknown => {
  if (typeof value === "number" && IS_TIME.test(name)) return dateToTag(new Date(value * 1000));
  if (Array.isArray(value)) return value.map((one) => tagged(one, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tagged(one, key)]));
};

const untagged = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(untagged);
  if (value instanceof Date) return value.getTime() / 1000;
  if (typeof value !== "object" || value === null) return value;
  if ("tag" in value && "value" in value) return value.value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, untagged(one)]));
};

/**
 * moto speaks no CBOR, and SDKs speak it with CloudWatch: the call reaches moto as JSON, and its answer is told in CBOR.
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export const bridgeCbor =
  (moto: Moto): Moto =>
  async (call) => {
    if (call.protocol !== "cbor") return moto(call);
    const [, , service, , action] = call.path.split("/");
    const sent = call.body.length === 0 ? {} : (cbor.deserialize(call.body) as Json);
    const { "smithy-protocol": _, ...headers } = call.headers;
    const answer = await moto({
      ...call,
      path: "/",
      headers: {
        ...headers,
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `${service}.${action}`,
      },
      body: Buffer.from(JSON.stringify(untagged(sent))),
    });
    const content = tagged(jsonOf(answer)) as Json;
    return {
      status: answer.status,
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: Buffer.from(cbor.serialize(content)),
    };
  };
