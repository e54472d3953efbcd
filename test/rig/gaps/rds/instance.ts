import { text, texts, type Params } from "../../params.ts";
import { listOf, objectOf, textOf, type XmlObject } from "../../xml.ts";

/** What moto drops of an instance, and AWS's value where nothing is sent. */
const DROPPED: Record<string, string | null> = {
  CACertificateIdentifier: "rds-ca-rsa2048-g1",
  DatabaseInsightsMode: "standard",
  DedicatedLogVolume: "false",
  EngineLifecycleSupport: "open-source-rds-extended-support",
  MonitoringInterval: "0",
  MonitoringRoleArn: null,
  NetworkType: "IPV4",
};

/** Performance Insights is told under other names than it is asked for. */
const insights = (params: Params, before: XmlObject): XmlObject => {
  const enabled = text(
    params["EnablePerformanceInsights"],
    textOf(before["PerformanceInsightsEnabled"]) || "false",
  );
  if (enabled !== "true") return { PerformanceInsightsEnabled: "false" };
  const key = text(params["PerformanceInsightsKMSKeyId"], textOf(before["PerformanceInsightsKMSKeyId"]));
  const days = text(
    params["PerformanceInsightsRetentionPeriod"],
    textOf(before["PerformanceInsightsRetentionPeriod"]),
  );
  return {
    PerformanceInsightsEnabled: "true",
    PerformanceInsightsRetentionPeriod: days === "" ? "7" : days,
    ...(key !== "" && { PerformanceInsightsKMSKeyId: key }),
  };
};

/** What the gap tells of an instance after a create or modify call. */
export const keptAfter = (params: Params, before: XmlObject): XmlObject => {
  const {
    PerformanceInsightsEnabled: _e,
    PerformanceInsightsRetentionPeriod: _d,
    PerformanceInsightsKMSKeyId: _k,
    ...rest
  } = before;
  const kept: XmlObject = { ...rest, ...insights(params, before) };
  for (const [name, otherwise] of Object.entries(DROPPED)) {
    const sent = text(params[name]);
    const value = sent === "" ? (before[name] ?? otherwise) : sent;
    if (value !== null && value !== undefined) kept[name] = value;
  }
  if (kept["MonitoringInterval"] === "0") delete kept["MonitoringRoleArn"];
  const certificate = kept["CACertificateIdentifier"];
  return { ...kept, CertificateDetails: { CAIdentifier: certificate, ValidTill: "2061-01-01T00:00:00Z" } };
};

/** Names under which a replica's own values are sent, and under which they are told. */
const REPLICA: Record<string, string> = {
  BackupRetentionPeriod: "BackupRetentionPeriod",
  DeletionProtection: "DeletionProtection",
  EnableIAMDatabaseAuthentication: "IAMDatabaseAuthenticationEnabled",
  MultiAZ: "MultiAZ",
};

const logsOf = (params: Params, before: XmlObject): string[] => {
  const was = listOf(objectOf(before["EnabledCloudwatchLogsExports"])["member"]).map(textOf);
  const change = params["CloudwatchLogsExportConfiguration"];
  const asked = typeof change === "object" && !Array.isArray(change) ? change : {};
  const without = texts(asked["DisableLogTypes"]);
  const added = [...texts(params["EnableCloudwatchLogsExports"]), ...texts(asked["EnableLogTypes"])];
  return [...was.filter((one) => !without.includes(one)), ...added];
};

/**
 * moto makes a replica a copy of its source; on AWS these begin anew. Source:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
 */
export const replicaAfter = (params: Params, before: XmlObject): XmlObject => ({
  ...Object.fromEntries(
    Object.entries(REPLICA).map(([sent, told]) => {
      const otherwise = sent === "BackupRetentionPeriod" ? "0" : "false";
      return [told, text(params[sent], textOf(before[told]) || otherwise)];
    }),
  ),
  EnabledCloudwatchLogsExports: { member: logsOf(params, before) },
  ReadReplicaDBInstanceIdentifiers: "",
});
