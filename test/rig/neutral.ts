import { cbor, dateToTag } from "@smithy/core/cbor";
import { jsonAnswer, queryAnswer } from "./answers.ts";
import { jsonOf, type Answer, type Call, type Json, type Moto } from "./call.ts";
import { mendJson, mendXml } from "./mend.ts";
import { paramsOf } from "./params.ts";
import { objectOf, type XmlObject, type XmlValue } from "./xml.ts";

// For a service that speaks several protocols: what is sent and told, whichever it is. Lists are lists, times are Dates.

export const cborAnswer = (content: Json, { status = 200, headers = {} } = {}): Answer => ({
  status,
  headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", ...headers },
  body: Buffer.from(cbor.serialize(content)),
});

const readCbor = (body: Buffer): Json => (body.length === 0 ? {} : (cbor.deserialize(body) as Json));

/** What was sent. In the query protocol all values are text. */
export const inputOf = (call: Call): Json => {
  if (call.protocol === "cbor") return readCbor(call.body);
  return call.protocol === "json" ? jsonOf(call) : (paramsOf(call) as Json);
};

const each = (value: unknown, ofDate: (date: Date) => unknown): unknown => {
  if (value instanceof Date) return ofDate(value);
  if (Array.isArray(value)) return value.map((one) => each(one, ofDate));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, each(one, ofDate)]));
};

const toXml = (value: unknown): XmlValue => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return { member: value.map(toXml) };
  if (typeof value !== "object" || value === null) return value === undefined ? undefined : String(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toXml(one)]));
};
const toJson = (result: Json) => each(result, (date) => date.getTime() / 1000) as Json;
const toCbor = (result: Json) => each(result, dateToTag) as Json;

/** The gap's own answer. */
export const outputOf = (call: Call, namespace: string, result: Json): Answer => {
  if (call.protocol === "cbor") return cborAnswer(toCbor(result));
  return call.protocol === "json"
    ? jsonAnswer(toJson(result))
    : queryAnswer(call, namespace, toXml(result) as XmlObject);
};

/** moto's answer with these fields. */
export const outputWith = async (call: Call, moto: Moto, fields: Json): Promise<Answer> => {
  if (call.protocol === "json")
    return mendJson(call, moto, (content) => Object.assign(content, toJson(fields)));
  if (call.protocol === "cbor") {
    const answer = await moto(call);
    if (answer.status !== 200) return answer;
    return { ...answer, body: cborAnswer({ ...readCbor(answer.body), ...toCbor(fields) }).body };
  }
  return mendXml(call, moto, (content) => {
    const result = objectOf(objectOf(content[`${call.action}Response`])[`${call.action}Result`]);
    Object.assign(result, toXml(fields));
  });
};
