import type { Answer, Call, Json, Moto } from "./call.ts";
import { readXml, type XmlObject } from "./xml.ts";

const scope = (region: string, service: string) =>
  `AWS4-HMAC-SHA256 Credential=rig/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;

const post = (
  service: string,
  region: string,
  rest: Pick<Call, "action" | "protocol" | "headers" | "body">,
): Call => ({
  service,
  region,
  method: "POST",
  path: "/",
  search: "",
  query: new URLSearchParams(),
  ...rest,
  headers: { authorization: scope(region, service), ...rest.headers },
});

/** A query-protocol call of the rig's own, past faults and log. Throws when moto refuses it. */
export const askQuery = async (
  moto: Moto,
  asked: { service: string; region: string; action: string; version: string; params: Record<string, string> },
): Promise<XmlObject> => {
  const { service, region, action, version, params } = asked;
  const body = Buffer.from(new URLSearchParams({ Action: action, Version: version, ...params }).toString());
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return readXml(taken(await moto(post(service, region, { action, protocol: "query", headers, body }))).body);
};

/** The same for services that speak JSON. */
export const askJson = async (
  moto: Moto,
  asked: { service: string; region: string; target: string; content: Json },
): Promise<Json> => {
  const { service, region, target, content } = asked;
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const body = Buffer.from(JSON.stringify(content));
  const answer = taken(
    await moto(post(service, region, { action: target, protocol: "json", headers, body })),
  );
  return answer.body.length === 0 ? {} : (JSON.parse(answer.body.toString("utf8")) as Json);
};

const taken = (answer: Answer): Answer => {
  if (answer.status >= 300)
    throw new Error(`moto answered ${answer.status}: ${answer.body.toString("utf8")}`);
  return answer;
};
