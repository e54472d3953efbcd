import { objectOf, type XmlObject } from "../xml.ts";
import { describe, expect, test } from "vitest";
import { codeOf, raw, rest, useRig } from "./wire.ts";

useRig();

describe("CloudFront", () => {
  const config = (enabled: string): XmlObject => ({
    DistributionConfig: {
      CallerReference: "first",
      Enabled: enabled,
      Comment: "shop",
      Origins: { Quantity: "1", Items: { Origin: { Id: "site", DomainName: "shop.s3.amazonaws.com" } } },
      DefaultCacheBehavior: { TargetOriginId: "site", ViewerProtocolPolicy: "https-only" },
    },
  });
  const create = async () => {
    const made = await rest("POST", "/distribution", config("true"));
    return { id: String(made.content["Id"]), etag: made.etag };
  };
  const batch = (reference: string, path: string): XmlObject => ({
    InvalidationBatch: { CallerReference: reference, Paths: { Quantity: "1", Items: { Path: path } } },
  });

  test("a change without the ETag, or with an old one, is refused", async () => {
    const { id, etag } = await create();
    const without = await rest("PUT", `/distribution/${id}/config`, config("false"));
    expect([without.status, codeOf(without.content)]).toEqual([400, "InvalidIfMatchVersion"]);
    const changed = await rest("PUT", `/distribution/${id}/config`, config("false"), { "if-match": etag });
    expect(changed.status).toBe(200);
    const old = await rest("PUT", `/distribution/${id}/config`, config("true"), { "if-match": etag });
    expect([old.status, codeOf(old.content)]).toEqual([412, "PreconditionFailed"]);
  });

  test("an enabled distribution cannot be deleted", async () => {
    const { id, etag } = await create();
    const refused = await rest("DELETE", `/distribution/${id}`, undefined, { "if-match": etag });
    expect([refused.status, codeOf(refused.content)]).toEqual([409, "DistributionNotDisabled"]);
    const disabled = await rest("PUT", `/distribution/${id}/config`, config("false"), { "if-match": etag });
    expect(
      (await rest("DELETE", `/distribution/${id}`, undefined, { "if-match": disabled.etag })).status,
    ).toBe(204);
    expect(codeOf((await rest("GET", `/distribution/${id}`)).content)).toBe("NoSuchDistribution");
  });

  test("an invalidation is in progress first and completed later", async () => {
    const { id } = await create();
    const made = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/*"));
    expect(made.content["Status"]).toBe("InProgress");
    const later = await rest("GET", `/distribution/${id}/invalidation/${String(made.content["Id"])}`);
    expect(later.content["Status"]).toBe("Completed");
  });

  test("a caller reference stands for one invalidation", async () => {
    const { id } = await create();
    const first = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/*"));
    const again = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/*"));
    expect(again.content["Id"]).toBe(first.content["Id"]);
    const other = await rest("POST", `/distribution/${id}/invalidation`, batch("one", "/other"));
    expect(codeOf(other.content)).toBe("InvalidationBatchAlreadyExists");
  });

  test("a certificate of another region is refused", async () => {
    const { DistributionConfig } = config("true");
    const refused = await rest("POST", "/distribution", {
      DistributionConfig: {
        ...objectOf(DistributionConfig),
        ViewerCertificate: { ACMCertificateArn: "arn:aws:acm:eu-north-1:123456789012:certificate/1" },
      },
    });
    expect(codeOf(refused.content)).toBe("InvalidViewerCertificate");
  });

  test("a function serves what was published last, and is changed and published with its newest ETag", async () => {
    const sent = (root: string, code: string): XmlObject => ({
      [root]: {
        Name: "fallback",
        FunctionConfig: { Comment: "", Runtime: "cloudfront-js-2.0" },
        FunctionCode: Buffer.from(code).toString("base64"),
      },
    });
    const code = async (stage: string) => (await raw(`/function/fallback?Stage=${stage}`)).text();
    const made = await rest("POST", "/function", sent("CreateFunctionRequest", "one"));
    await rest("POST", "/function/fallback/publish", undefined, { "if-match": made.etag });
    const changed = await rest("PUT", "/function/fallback", sent("UpdateFunctionRequest", "two"), {
      "if-match": made.etag,
    });
    expect(changed.status).toBe(200);
    expect([await code("DEVELOPMENT"), await code("LIVE")]).toEqual(["two", "one"]);
    const old = await rest("POST", "/function/fallback/publish", undefined, { "if-match": made.etag });
    expect(old.status).toBe(412);
    await rest("POST", "/function/fallback/publish", undefined, { "if-match": changed.etag });
    expect(await code("LIVE")).toBe("two");
  });
});
