import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CREDENTIALS, REGION, startMoto, type Moto } from "../../../test/helpers/moto.ts";
import { makeAwsFacts } from "./aws-facts.ts";

const SETTINGS = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
};
const signal = new AbortController().signal;
let moto: Moto;
let facts: ReturnType<typeof makeAwsFacts>;

beforeAll(async () => {
  moto = await startMoto();
  Object.assign(process.env, SETTINGS, { AWS_ENDPOINT_URL: moto.endpoint });
  facts = makeAwsFacts({ env: process.env });
});
afterAll(async () => {
  for (const name of [...Object.keys(SETTINGS), "AWS_ENDPOINT_URL"]) delete process.env[name];
  await moto.stop();
});

test("every rule of the groups that are asked for is told, and of no other", async () => {
  const client = new EC2Client({ region: REGION, endpoint: moto.endpoint, credentials: CREDENTIALS });
  const vpc = (await client.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc!.VpcId!;
  const group = async (name: string) =>
    (await client.send(new CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpc })))
      .GroupId!;
  const [asked, other] = [await group("asked"), await group("other")];
  for (const id of [asked, other])
    await client.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpPermissions: [
          { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
          { IpProtocol: "tcp", FromPort: 80, ToPort: 81, UserIdGroupPairs: [{ GroupId: other }] },
        ],
      }),
    );
  const rules = await facts.rulesOf([asked], { region: REGION, signal });
  expect(new Set(rules.map(({ group }) => group))).toEqual(new Set([asked]));
  expect(rules.filter(({ direction }) => direction === "ingress")).toMatchObject([
    { protocol: "tcp", fromPort: 22, toPort: 22, peer: "0.0.0.0/0" },
    { protocol: "tcp", fromPort: 80, toPort: 81, peer: other },
  ]);
  expect(rules.filter(({ direction }) => direction === "egress")).toMatchObject([{ protocol: "-1" }]);
  client.destroy();
});

test("a bucket that is not there, one without the state, and one with it are told apart", async () => {
  const place = { bucket: "states", key: "tiny/bootstrap/terraform.tfstate", region: REGION };
  expect(await facts.hasState(place, { signal })).toBe("nothing");
  const CreateBucketConfiguration = { LocationConstraint: REGION };
  await moto.client.send(new CreateBucketCommand({ Bucket: "states", CreateBucketConfiguration }));
  expect(await facts.hasState(place, { signal })).toBe("bucket");
  await moto.client.send(new PutObjectCommand({ Bucket: "states", Key: place.key, Body: "{}" }));
  expect(await facts.hasState(place, { signal })).toBe("state");
});

test("a look that is stopped says so, and one that nobody answers is never taken for an empty answer", async () => {
  await expect(
    facts.rulesOf(["sg-1"], { region: REGION, signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
  process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
  const place = { bucket: "states", key: "k", region: REGION };
  await expect(facts.hasState(place, { signal })).rejects.toMatchObject({ code: "INFRA_FAILED" });
  process.env["AWS_ENDPOINT_URL"] = moto.endpoint;
});
