import { objectOf, objectsOf, type XmlObject } from "../../xml.ts";

const NONE = { Quantity: "0" };
const NOBODY = { Enabled: "false", Quantity: "0" };

const BEHAVIOUR: XmlObject = {
  TrustedSigners: NOBODY,
  TrustedKeyGroups: NOBODY,
  SmoothStreaming: "false",
  Compress: "false",
  LambdaFunctionAssociations: NONE,
  FunctionAssociations: NONE,
  FieldLevelEncryptionId: "",
  GrpcConfig: { Enabled: "false" },
};

const ORIGIN: XmlObject = {
  OriginPath: "",
  CustomHeaders: NONE,
  ConnectionAttempts: "3",
  ConnectionTimeout: "10",
  OriginShield: { Enabled: "false" },
  OriginAccessControlId: "",
};

const DISTRIBUTION: XmlObject = {
  Aliases: NONE,
  DefaultRootObject: "",
  OriginGroups: NONE,
  CacheBehaviors: NONE,
  CustomErrorResponses: NONE,
  Comment: "",
  Logging: { Enabled: "false", IncludeCookies: "false", Bucket: "", Prefix: "" },
  PriceClass: "PriceClass_All",
  ViewerCertificate: {
    CloudFrontDefaultCertificate: "true",
    SSLSupportMethod: "vip",
    MinimumProtocolVersion: "TLSv1",
    CertificateSource: "cloudfront",
  },
  Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: "0" } },
  WebACLId: "",
  HttpVersion: "http2",
  IsIPV6Enabled: "false",
  ContinuousDeploymentPolicyId: "",
  Staging: "false",
};

const each = (list: XmlObject, name: string, defaults: XmlObject): XmlObject => {
  const items = objectsOf(objectOf(list["Items"])[name]);
  return items.length === 0
    ? list
    : { ...list, Items: { [name]: items.map((item) => ({ ...defaults, ...item })) } };
};

/**
 * A distribution's configuration as AWS tells it: what was not sent is there with its default. Source:
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
 */
export const complete = (sent: XmlObject): XmlObject => {
  const config = { ...DISTRIBUTION, ...sent };
  return {
    ...config,
    Origins: each(objectOf(config["Origins"]), "Origin", ORIGIN),
    DefaultCacheBehavior: { ...BEHAVIOUR, ...objectOf(config["DefaultCacheBehavior"]) },
    CacheBehaviors: each(objectOf(config["CacheBehaviors"]), "CacheBehavior", BEHAVIOUR),
  };
};
