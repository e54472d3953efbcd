import { queryAnswer } from "../answers.ts";
import { formOf, withBody, type Call } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { everyXml, mendXml } from "../mend.ts";
import { objects, paramsOf, text, texts } from "../params.ts";
import { textOf, type XmlObject } from "../xml.ts";
import { makeChanges } from "./rds/changes.ts";
import { keptAfter, replicaAfter } from "./rds/instance.ts";

const NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";

interface Instance {
  /** moto gives all instances the same. */
  resourceId: string;
  kept: XmlObject;
  /** null: no replica. */
  replica: XmlObject | null;
}

/**
 * Instances keep what was sent for monitoring, insights and certificates, each has an id of its own, and parameters tell who set
 * them. Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html and API_DescribeDBParameters.html
 */
export const makeRds: MakeGap = ({ nextId }) => {
  const changes = makeChanges(NAMESPACE);
  const instances = new Map<string, Instance>();
  const resetParameters = new Map<string, Set<string>>();
  const keyOf = (call: Call, name: string) => `${call.region} ${name.toLowerCase()}`;

  const complete = (call: Call) => (content: XmlObject) => {
    for (const one of everyXml(content, "DBInstance")) {
      const found = instances.get(keyOf(call, textOf(one["DBInstanceIdentifier"])));
      if (found === undefined) continue;
      Object.assign(one, found.kept, found.replica, { DbiResourceId: found.resourceId });
      if (found.replica !== null) delete one["MasterUserSecret"];
    }
  };
  const create =
    (name = "DBInstanceIdentifier"): MakeAction =>
    (call, moto) =>
      mendXml(call, moto, (content) => {
        const params = paramsOf(call);
        instances.set(keyOf(call, text(params[name])), {
          resourceId: `db-${String(nextId()).padStart(26, "A")}`,
          kept: keptAfter(params, {}),
          replica: call.action === "CreateDBInstanceReadReplica" ? replicaAfter(params, {}) : null,
        });
        complete(call)(content);
      });
  type MakeAction = ReturnType<MakeGap>["actions"][string];

  /** The instance whose resource id the call asks for, asked for by name. */
  const byName = (call: Call): Call => {
    const filter = objects(paramsOf(call)["Filters"]).find((one) => text(one["Name"]) === "dbi-resource-id");
    const wanted = texts(filter?.["Values"]);
    const found = [...instances].find(([, { resourceId }]) => wanted.includes(resourceId));
    if (found === undefined) return call;
    const [, name] = found[0].split(" ");
    const form = new URLSearchParams({
      Action: call.action,
      Version: "2014-10-31",
      DBInstanceIdentifier: name!,
    });
    return withBody(call, form.toString());
  };
  const resetOf = (call: Call) => {
    const key = keyOf(call, text(paramsOf(call)["DBParameterGroupName"]));
    const found = resetParameters.get(key) ?? new Set<string>();
    resetParameters.set(key, found);
    return found;
  };
  return {
    service: "rds",
    reset: () => {
      changes.clear();
      instances.clear();
      resetParameters.clear();
    },
    actions: {
      ...changes.actions,
      CreateDBInstance: create(),
      CreateDBInstanceReadReplica: create(),
      RestoreDBInstanceFromDBSnapshot: create(),
      RestoreDBInstanceToPointInTime: create("TargetDBInstanceIdentifier"),
      ModifyDBInstance: (call, moto) =>
        mendXml(call, moto, (content) => {
          const params = paramsOf(call);
          const key = keyOf(call, text(params["DBInstanceIdentifier"]));
          const before = instances.get(key);
          if (before === undefined) return;
          const renamed = text(params["NewDBInstanceIdentifier"]);
          instances.delete(key);
          instances.set(renamed === "" ? key : keyOf(call, renamed), {
            ...before,
            kept: keptAfter(params, before.kept),
            replica: before.replica && replicaAfter(params, before.replica),
          });
          complete(call)(content);
        }),
      DescribeDBInstances: (call, moto) => mendXml(byName(call), moto, complete(call)),
      RebootDBInstance: (call, moto) => mendXml(call, moto, complete(call)),
      StartDBInstance: (call, moto) => mendXml(call, moto, complete(call)),
      StopDBInstance: (call, moto) => mendXml(call, moto, complete(call)),
      PromoteReadReplica: (call, moto) =>
        mendXml(call, moto, (content) => {
          const found = instances.get(keyOf(call, text(paramsOf(call)["DBInstanceIdentifier"])));
          if (found !== undefined) found.replica = null;
          complete(call)(content);
        }),
      DeleteDBInstance: (call, moto) =>
        mendXml(call, moto, (content) => {
          complete(call)(content);
          instances.delete(keyOf(call, text(paramsOf(call)["DBInstanceIdentifier"])));
        }),
      ModifyDBParameterGroup: async (call, moto) => {
        const answer = await moto(call);
        const again = resetOf(call);
        for (const one of objects(paramsOf(call)["Parameters"])) again.delete(text(one["ParameterName"]));
        return answer;
      },
      ResetDBParameterGroup: (call) => {
        const params = paramsOf(call);
        const hidden = resetOf(call);
        for (const one of objects(params["Parameters"])) hidden.add(text(one["ParameterName"]));
        return queryAnswer(call, NAMESPACE, { DBParameterGroupName: text(params["DBParameterGroupName"]) });
      },
      DescribeDBParameters: (call, moto) =>
        mendXml(call, moto, (content) => {
          const hidden = resetOf(call);
          for (const list of everyXml(content, "Parameters")) {
            const kept = everyXml(list, "Parameter").filter(
              (one) => !hidden.has(textOf(one["ParameterName"])),
            );
            // moto knows of no parameter that nobody set.
            list["Parameter"] = kept.map((one) => ({ ...one, Source: "user" }));
          }
        }),
      DeleteDBParameterGroup: async (call, moto) => {
        resetParameters.delete(keyOf(call, formOf(call).get("DBParameterGroupName") ?? ""));
        return moto(call);
      },
    },
  };
};
