import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Json } from "../call.ts";
import { startRig, type Rig, type RigOptions } from "../rig.ts";
import { objectOf, readXml, writeXml, type XmlObject } from "../xml.ts";

// What Terraform does not show: conditions, refusals and what is remembered. Requests are written as SDKs write them.
let rig: Rig;

/** A rig of this test file's own, empty before each test. */
export const useRig = (options: RigOptions = {}): void => {
  beforeAll(async () => {
    rig = await startRig({ managedPolicies: false, ...options });
  });
  beforeEach(() => rig.reset());
  afterAll(() => rig.close());
};

export const theRig = (): Rig => rig;

export const signed = (service: string, region = rig.region) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=rig/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
export const query = async (service: string, version: string, params: Record<string, string>) => {
  const answer = await fetch(rig.url, {
    method: "POST",
    headers: { ...signed(service), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Version: version, ...params }).toString(),
  });
  const [root] = Object.values(readXml(await answer.text()));
  return { status: answer.status, content: objectOf(root) };
};
export const json = async (service: string, target: string, content: Json) => {
  const answer = await fetch(rig.url, {
    method: "POST",
    headers: { ...signed(service), "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body: JSON.stringify(content),
  });
  const text = await answer.text();
  return { status: answer.status, content: (text === "" ? {} : JSON.parse(text)) as Json };
};
export const rest = async (
  method: string,
  path: string,
  content?: XmlObject,
  headers: Record<string, string> = {},
) => {
  const answer = await fetch(`${rig.url}/2020-05-31${path}`, {
    method,
    headers: { ...signed("cloudfront", "us-east-1"), ...headers },
    ...(content && { body: writeXml(content) }),
  });
  const text = await answer.text();
  const [root] = text === "" ? [{}] : Object.values(readXml(text));
  return { status: answer.status, etag: answer.headers.get("etag") ?? "", content: objectOf(root) };
};
/** CloudFront's answer that is no XML. */
export const raw = (path: string) =>
  fetch(`${rig.url}/2020-05-31${path}`, { headers: signed("cloudfront", "us-east-1") });
export const codeOf = (content: XmlObject) => objectOf(content["Error"])["Code"];

export const s3 = async (method: string, path: string, content?: string) => {
  const headers = { ...signed("s3"), "content-type": "application/xml" };
  const answer = await fetch(rig.url + path, {
    method,
    headers,
    ...(content !== undefined && { body: content }),
  });
  return { status: answer.status, text: await answer.text() };
};

export const createBucket = () =>
  s3(
    "PUT",
    "/shop",
    "<CreateBucketConfiguration><LocationConstraint>eu-north-1</LocationConstraint></CreateBucketConfiguration>",
  );
