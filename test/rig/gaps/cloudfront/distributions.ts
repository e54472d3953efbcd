import { Refused } from "../../answers.ts";
import { listOf, objectOf, objectsOf, textOf, type XmlObject } from "../../xml.ts";
import { complete } from "./complete.ts";
import { answer, bodyOf, checkMatch, gone, idOf, list, type Kind, type KindContext } from "./shared.ts";

export interface Invalidation {
  id: string;
  batch: XmlObject;
  createdAt: string;
}

export interface Distribution {
  id: string;
  config: XmlObject;
  etag: string;
  changedAt: string;
  invalidations: Invalidation[];
  subscription: XmlObject | null;
}

export type Distributions = Map<string, Distribution>;

const aliasesOf = (config: XmlObject) =>
  listOf(objectOf(objectOf(config["Aliases"])["Items"])["CNAME"]).map(textOf);

/** CloudFront takes certificates of us-east-1 alone. */
const checkCertificate = (config: XmlObject) => {
  const arn = textOf(objectOf(config["ViewerCertificate"])["ACMCertificateArn"]);
  if (arn !== "" && !arn.includes(":us-east-1:"))
    throw new Refused("InvalidViewerCertificate", "The certificate has to be in us-east-1.", 400);
};

/** Deployed as soon as it is changed. Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Distribution.html */
export const makeDistributions = (
  { now, nextId, etag, arn, tags }: KindContext,
  distributions: Distributions,
): Kind => {
  const get = (id: string) => {
    const found = distributions.get(id);
    if (found === undefined) throw new Refused("NoSuchDistribution", `There is no distribution ${id}.`, 404);
    return found;
  };
  const about = ({ id, changedAt }: Distribution): XmlObject => ({
    Id: id,
    ARN: arn("distribution", id),
    Status: "Deployed",
    LastModifiedTime: changedAt,
    DomainName: `${id.toLowerCase()}.cloudfront.net`,
  });
  const xml = (one: Distribution): XmlObject => ({
    ...about(one),
    InProgressInvalidationBatches: "0",
    ActiveTrustedSigners: { Enabled: "false", Quantity: "0" },
    ActiveTrustedKeyGroups: { Enabled: "false", Quantity: "0" },
    DistributionConfig: one.config,
  });
  const checkAliases = (config: XmlObject, id: string | null) => {
    const wanted = aliasesOf(config);
    const others = [...distributions.values()]
      .filter((one) => one.id !== id)
      .flatMap((one) => aliasesOf(one.config));
    const taken = wanted.find((alias) => others.includes(alias));
    if (taken !== undefined)
      throw new Refused("CNAMEAlreadyExists", `${taken} is an alias of another distribution.`, 409);
  };
  const create = (config: XmlObject, given: XmlObject[]) => {
    const reference = textOf(config["CallerReference"]);
    const before = [...distributions.values()].find(
      (one) => textOf(one.config["CallerReference"]) === reference,
    );
    if (before !== undefined)
      throw new Refused(
        "DistributionAlreadyExists",
        "The caller reference was used for another distribution.",
        409,
      );
    checkCertificate(config);
    checkAliases(config, null);
    const id = `E${String(nextId()).padStart(12, "0")}`;
    const one: Distribution = {
      id,
      config: complete(config),
      etag: etag(),
      changedAt: now().toISOString(),
      invalidations: [],
      subscription: null,
    };
    distributions.set(id, one);
    tags.set(
      arn("distribution", id),
      Object.fromEntries(given.map((tag) => [textOf(tag["Key"]), textOf(tag["Value"])])),
    );
    return answer("Distribution", xml(one), { status: 201, etag: one.etag });
  };
  return {
    clear: () => distributions.clear(),
    actions: {
      CreateDistribution: (call) => create(bodyOf(call), []),
      CreateDistributionWithTags: (call) => {
        const sent = bodyOf(call);
        const given = objectsOf(objectOf(objectOf(sent["Tags"])["Items"])["Tag"]);
        return create(objectOf(sent["DistributionConfig"]), given);
      },
      GetDistribution: (call) => {
        const one = get(idOf(call));
        return answer("Distribution", xml(one), { etag: one.etag });
      },
      GetDistributionConfig: (call) => {
        const one = get(idOf(call));
        return answer("DistributionConfig", one.config, { etag: one.etag });
      },
      UpdateDistribution: (call) => {
        const one = get(idOf(call));
        checkMatch(call, one.etag);
        const config = bodyOf(call);
        checkCertificate(config);
        checkAliases(config, one.id);
        Object.assign(one, { config: complete(config), etag: etag(), changedAt: now().toISOString() });
        return answer("Distribution", xml(one), { etag: one.etag });
      },
      DeleteDistribution: (call) => {
        const one = get(idOf(call));
        checkMatch(call, one.etag);
        if (textOf(one.config["Enabled"]) === "true")
          throw new Refused(
            "DistributionNotDisabled",
            "A distribution is disabled before it is deleted.",
            409,
          );
        distributions.delete(one.id);
        tags.drop(arn("distribution", one.id));
        return gone();
      },
      ListDistributions: () => {
        const all = [...distributions.values()].map((one) => ({ ...about(one), ...one.config }));
        return list("DistributionList", "DistributionSummary", all);
      },
      CreateMonitoringSubscription: (call) => {
        const one = get(idOf(call));
        one.subscription = bodyOf(call);
        return answer("MonitoringSubscription", one.subscription);
      },
      GetMonitoringSubscription: (call) => {
        const { subscription } = get(idOf(call));
        if (subscription === null) throw new Refused("NoSuchMonitoringSubscription", "There is none.", 404);
        return answer("MonitoringSubscription", subscription);
      },
      DeleteMonitoringSubscription: (call) => {
        get(idOf(call)).subscription = null;
        return gone();
      },
    },
  };
};
