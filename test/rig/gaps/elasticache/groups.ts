import { askQuery } from "../../ask.ts";
import { objects, text, texts } from "../../params.ts";
import { makeShelf } from "../../shelf.ts";
import { tagsOf } from "../../tags.ts";
import { objectOf, objectsOf, type XmlObject } from "../../xml.ts";
import { action, type Kind, type KindContext } from "./shared.ts";

interface SubnetGroup {
  name: string;
  description: string;
  vpc: string;
  subnets: { id: string; zone: string }[];
  arn: string;
}

const EC2_VERSION = "2016-11-15";

const subnetGroupXml = ({ name, description, vpc, subnets, arn }: SubnetGroup): XmlObject => ({
  CacheSubnetGroupName: name,
  CacheSubnetGroupDescription: description,
  VpcId: vpc,
  Subnets: {
    Subnet: subnets.map(({ id, zone }) => ({
      SubnetIdentifier: id,
      SubnetAvailabilityZone: { Name: zone },
      SupportedNetworkTypes: { member: "ipv4" },
    })),
  },
  SupportedNetworkTypes: { member: "ipv4" },
  ARN: arn,
});

/** Names are kept in lower case, as AWS does. */
export const makeSubnetGroups = ({ arn, tags }: KindContext): Kind => {
  const groups = makeShelf<SubnetGroup>({
    missing: "CacheSubnetGroupNotFoundFault",
    exists: "CacheSubnetGroupAlreadyExists",
  });
  const placeOf = async (region: string, ids: string[], moto: Parameters<typeof askQuery>[0]) => {
    const params = Object.fromEntries(ids.map((id, at) => [`SubnetId.${at + 1}`, id]));
    const answer = await askQuery(moto, {
      service: "ec2",
      region,
      action: "DescribeSubnets",
      version: EC2_VERSION,
      params,
    });
    const found = objectsOf(objectOf(objectOf(answer["DescribeSubnetsResponse"])["subnetSet"])["item"]);
    return {
      vpc: text(found[0]?.["vpcId"] as string),
      subnets: found.map((one) => ({
        id: one["subnetId"] as string,
        zone: one["availabilityZone"] as string,
      })),
    };
  };
  return {
    clear: groups.clear,
    actions: {
      CreateCacheSubnetGroup: action(async (params, call, moto) => {
        const name = text(params["CacheSubnetGroupName"]).toLowerCase();
        const group: SubnetGroup = {
          name,
          description: text(params["CacheSubnetGroupDescription"]),
          ...(await placeOf(call.region, texts(params["SubnetIds"]), moto)),
          arn: arn(call, "subnetgroup", name),
        };
        groups.add(call, name, group);
        tags.set(group.arn, tagsOf(params));
        return { CacheSubnetGroup: subnetGroupXml(group) };
      }),
      ModifyCacheSubnetGroup: action(async (params, call, moto) => {
        const group = groups.get(call, text(params["CacheSubnetGroupName"]));
        group.description = text(params["CacheSubnetGroupDescription"], group.description);
        const ids = texts(params["SubnetIds"]);
        if (ids.length > 0) Object.assign(group, await placeOf(call.region, ids, moto));
        return { CacheSubnetGroup: subnetGroupXml(group) };
      }),
      DescribeCacheSubnetGroups: action((params, call) => ({
        CacheSubnetGroups: {
          CacheSubnetGroup: groups.select(call, text(params["CacheSubnetGroupName"])).map(subnetGroupXml),
        },
      })),
      DeleteCacheSubnetGroup: action((params, call) => {
        tags.drop(groups.remove(call, text(params["CacheSubnetGroupName"])).arn);
        return {};
      }),
    },
  };
};

interface ParameterGroup {
  name: string;
  family: string;
  description: string;
  arn: string;
  values: Map<string, string>;
}

const parameterGroupXml = ({ name, family, description, arn }: ParameterGroup): XmlObject => ({
  CacheParameterGroupName: name,
  CacheParameterGroupFamily: family,
  Description: description,
  IsGlobal: "false",
  ARN: arn,
});

/** Only values that somebody set are known (`Source` "user"). */
export const makeParameterGroups = ({ arn, tags }: KindContext): Kind => {
  const groups = makeShelf<ParameterGroup>({
    missing: "CacheParameterGroupNotFound",
    exists: "CacheParameterGroupAlreadyExists",
  });
  const nameOf = (params: Record<string, unknown>) => text(params["CacheParameterGroupName"] as string);
  return {
    clear: groups.clear,
    actions: {
      CreateCacheParameterGroup: action((params, call) => {
        const name = nameOf(params).toLowerCase();
        const group = groups.add(call, name, {
          name,
          family: text(params["CacheParameterGroupFamily"]),
          description: text(params["Description"]),
          arn: arn(call, "parametergroup", name),
          values: new Map(),
        });
        tags.set(group.arn, tagsOf(params));
        return { CacheParameterGroup: parameterGroupXml(group) };
      }),
      DescribeCacheParameterGroups: action((params, call) => ({
        CacheParameterGroups: {
          CacheParameterGroup: groups.select(call, nameOf(params)).map(parameterGroupXml),
        },
      })),
      DescribeCacheParameters: action((params, call) => ({
        Parameters: {
          Parameter: [...groups.get(call, nameOf(params)).values].map(([ParameterName, ParameterValue]) => ({
            ParameterName,
            ParameterValue,
            Source: "user",
            DataType: "string",
            IsModifiable: "true",
            ChangeType: "immediate",
          })),
        },
      })),
      ModifyCacheParameterGroup: action((params, call) => {
        const group = groups.get(call, nameOf(params));
        for (const one of objects(params["ParameterNameValues"]))
          group.values.set(text(one["ParameterName"]), text(one["ParameterValue"]));
        return { CacheParameterGroupName: group.name };
      }),
      ResetCacheParameterGroup: action((params, call) => {
        const group = groups.get(call, nameOf(params));
        if (text(params["ResetAllParameters"]) === "true") group.values.clear();
        for (const one of objects(params["ParameterNameValues"]))
          group.values.delete(text(one["ParameterName"]));
        return { CacheParameterGroupName: group.name };
      }),
      DeleteCacheParameterGroup: action((params, call) => {
        tags.drop(groups.remove(call, nameOf(params)).arn);
        return {};
      }),
    },
  };
};
