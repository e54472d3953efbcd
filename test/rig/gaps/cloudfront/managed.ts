// Policies that AWS keeps, with the ids that it documents:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
import type { XmlObject } from "../../xml.ts";

export interface Managed {
  id: string;
  config: XmlObject;
}

const cache = (name: string, id: string, ttl: [string, string, string]): Managed => ({
  id,
  config: {
    Name: `Managed-${name}`,
    Comment: name,
    MinTTL: ttl[0],
    DefaultTTL: ttl[1],
    MaxTTL: ttl[2],
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: String(ttl[2] !== "0"),
      EnableAcceptEncodingBrotli: String(ttl[2] !== "0"),
      HeadersConfig: { HeaderBehavior: "none" },
      CookiesConfig: { CookieBehavior: "none" },
      QueryStringsConfig: { QueryStringBehavior: "none" },
    },
  },
});

const origin = (name: string, id: string, headers: string, rest: string): Managed => ({
  id,
  config: {
    Name: `Managed-${name}`,
    Comment: name,
    HeadersConfig: { HeaderBehavior: headers },
    CookiesConfig: { CookieBehavior: rest },
    QueryStringsConfig: { QueryStringBehavior: rest },
  },
});

const headers = (name: string, id: string): Managed => ({
  id,
  config: { Name: `Managed-${name}`, Comment: name },
});

export const MANAGED = {
  cache: [
    cache("CachingOptimized", "658327ea-f89d-4fab-a63d-7e88639e58f6", ["1", "86400", "31536000"]),
    cache("CachingDisabled", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", ["0", "0", "0"]),
    cache("UseOriginCacheControlHeaders", "83da9c7e-98b4-4e11-a168-04f0df8e2c65", ["0", "0", "31536000"]),
    cache("UseOriginCacheControlHeaders-QueryStrings", "4cc15a8a-d715-48a4-82b8-cc0b614638fe", [
      "0",
      "0",
      "31536000",
    ]),
  ],
  origin: [
    origin("AllViewer", "216adef6-5c7f-47e4-b989-5492eafa07d3", "allViewer", "all"),
    origin("AllViewerExceptHostHeader", "b689b0a8-53d0-40ab-baf2-68738e2966ac", "allExcept", "all"),
    origin(
      "AllViewerAndCloudFrontHeaders-2022-06",
      "33f36d7e-f396-46d9-90e0-52428a34d9dc",
      "allViewerAndWhitelistCloudFront",
      "all",
    ),
    origin("CORS-S3Origin", "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "whitelist", "none"),
    origin("CORS-CustomOrigin", "59781a5b-3903-41f3-afcb-af62929ccde1", "whitelist", "none"),
  ],
  headers: [
    headers("SimpleCORS", "60669652-455b-4ae9-85a4-c4c02393f86c"),
    headers("CORS-With-Preflight", "5cc3b908-e619-4b99-88e5-2cf7f45965bd"),
    headers("SecurityHeadersPolicy", "67f7725c-6f97-4210-82d7-5512b31e9d03"),
    headers("CORS-and-SecurityHeadersPolicy", "e61eb60c-9c35-4d20-a928-2b84e02af89c"),
    headers("CORS-with-preflight-and-SecurityHeadersPolicy", "eaab4381-ed33-4a86-88ca-d9558dc6cd63"),
  ],
};
