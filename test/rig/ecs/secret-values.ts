import { askJson } from "../ask.ts";
import type { Json, Moto } from "../call.ts";

/**
 * The value that a container gets for a secret's `valueFrom`: a secret of Secrets Manager, one key of its JSON
 * (`ARN:key:stage:version`), or a parameter of Systems Manager. Throws with what ECS would have as its reason.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export const secretValue = async (moto: Moto, region: string, valueFrom: string): Promise<string> => {
  const parts = valueFrom.split(":");
  if (parts[2] !== "secretsmanager") return parameterValue(moto, region, valueFrom);
  const [, , , , , , name, key = "", stage = "", version = ""] = parts;
  const content = {
    SecretId: [...parts.slice(0, 6), name].join(":"),
    ...(version === "" ? { VersionStage: stage === "" ? "AWSCURRENT" : stage } : { VersionId: version }),
  };
  const target = "secretsmanager.GetSecretValue";
  const { SecretString } = await askJson(moto, {
    service: "secretsmanager",
    region: parts[3]!,
    target,
    content,
  });
  if (typeof SecretString !== "string") throw new Error(`${name} has no text`);
  if (key === "") return SecretString;
  const value = (JSON.parse(SecretString) as Json)[key];
  if (value === undefined) throw new Error(`${name} has no key ${key}`);
  return typeof value === "string" ? value : JSON.stringify(value);
};

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html */
const parameterValue = async (moto: Moto, region: string, valueFrom: string): Promise<string> => {
  const Name = valueFrom.replace(/^arn:[^:]+:ssm:[^:]*:\d+:parameter(?=\/)/, "");
  const content = { Name, WithDecryption: true };
  const { Parameter } = await askJson(moto, {
    service: "ssm",
    region,
    target: "AmazonSSM.GetParameter",
    content,
  });
  return String((Parameter as Json)["Value"]);
};
