import { queryAnswer, xmlAnswer } from "../answers.ts";
import { withBody, type Answer, type Call } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { mendXml } from "../mend.ts";
import { paramsOf, text, texts, type Params } from "../params.ts";
import { makeShelf } from "../shelf.ts";
import { makeTags, tagKeysOf, tagsOf } from "../tags.ts";
import { objectOf, type XmlObject } from "../xml.ts";

const NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

type Alarm = XmlObject & { AlarmName: string; AlarmArn: string };

const members = (params: Params, name: string): XmlObject => ({ [name]: { member: texts(params[name]) } });

const done = (call: Call): Answer => xmlAnswer({ [`${call.action}Response`]: { "@xmlns": NAMESPACE } });

/**
 * Composite alarms. Their rule is kept and not evaluated: like moto's metric alarms they change by SetAlarmState alone. In the
 * query protocol only. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export const makeCloudwatch: MakeGap = ({ account, now }) => {
  const alarms = makeShelf<Alarm>({ missing: "ResourceNotFound", exists: "" });
  const tags = makeTags();

  const put = (call: Call): Answer => {
    const params = paramsOf(call);
    const name = text(params["AlarmName"]);
    const before = alarms.find(call, name);
    const at = now().toISOString();
    const optional = [
      "AlarmDescription",
      "ActionsSuppressor",
      "ActionsSuppressorWaitPeriod",
      "ActionsSuppressorExtensionPeriod",
    ];
    const alarm: Alarm = {
      AlarmName: name,
      AlarmArn: `arn:aws:cloudwatch:${call.region}:${account}:alarm:${name}`,
      AlarmRule: text(params["AlarmRule"]),
      ActionsEnabled: text(params["ActionsEnabled"], "true"),
      ...members(params, "AlarmActions"),
      ...members(params, "OKActions"),
      ...members(params, "InsufficientDataActions"),
      ...Object.fromEntries(
        optional.flatMap((key) => (params[key] === undefined ? [] : [[key, text(params[key])]])),
      ),
      AlarmConfigurationUpdatedTimestamp: at,
      StateValue: before?.["StateValue"] ?? "OK",
      StateReason: before?.["StateReason"] ?? "The rig does not evaluate alarm rules.",
      StateUpdatedTimestamp: before?.["StateUpdatedTimestamp"] ?? at,
    };
    alarms.put(call, name, alarm);
    if (before === undefined) tags.set(alarm.AlarmArn, tagsOf(params));
    return done(call);
  };
  /** Without types AWS answers with metric alarms only. */
  const describe = async (call: Call, moto: Parameters<typeof mendXml>[1]) => {
    const params = paramsOf(call);
    const names = texts(params["AlarmNames"]);
    const prefix = text(params["AlarmNamePrefix"]);
    const state = text(params["StateValue"]);
    if (call.protocol !== "query" || !texts(params["AlarmTypes"]).includes("CompositeAlarm"))
      return moto(call);
    const found = alarms
      .all(call)
      .filter(
        ({ AlarmName }) => (names.length === 0 || names.includes(AlarmName)) && AlarmName.startsWith(prefix),
      )
      .filter(({ StateValue }) => state === "" || state === StateValue);
    if (!texts(params["AlarmTypes"]).includes("MetricAlarm"))
      return queryAnswer(call, NAMESPACE, { CompositeAlarms: { member: found }, MetricAlarms: "" });
    return mendXml(call, moto, (content) => {
      const result = objectOf(objectOf(content["DescribeAlarmsResponse"])["DescribeAlarmsResult"]);
      result["CompositeAlarms"] = { member: found };
    });
  };
  /** Ours are deleted here, the others by moto. */
  const remove = async (call: Call, moto: Parameters<typeof mendXml>[1]) => {
    const names = texts(paramsOf(call)["AlarmNames"]);
    const ours = names.filter((name) => alarms.find(call, name) !== undefined);
    for (const name of ours) tags.drop(alarms.remove(call, name).AlarmArn);
    if (call.protocol !== "query" || ours.length === 0) return moto(call);
    const others = names.filter((name) => !ours.includes(name));
    if (others.length === 0) return done(call);
    const form = new URLSearchParams({ Action: "DeleteAlarms", Version: "2010-08-01" });
    others.forEach((name, at) => form.set(`AlarmNames.member.${at + 1}`, name));
    return moto(withBody(call, form.toString()));
  };
  const setState = (call: Call, moto: Parameters<typeof mendXml>[1]) => {
    const params = paramsOf(call);
    const alarm = alarms.find(call, text(params["AlarmName"]));
    if (alarm === undefined) return moto(call);
    alarm["StateValue"] = text(params["StateValue"]);
    alarm["StateReason"] = text(params["StateReason"]);
    alarm["StateUpdatedTimestamp"] = now().toISOString();
    return done(call);
  };
  const ofAlarm =
    (act: (arn: string, params: Params) => XmlObject) =>
    (call: Call, moto: Parameters<typeof mendXml>[1]) => {
      const params = paramsOf(call);
      const arn = text(params["ResourceARN"]);
      return tags.has(arn) ? queryAnswer(call, NAMESPACE, act(arn, params)) : moto(call);
    };
  return {
    service: "cloudwatch",
    reset: () => {
      alarms.clear();
      tags.clear();
    },
    actions: {
      PutCompositeAlarm: put,
      DescribeAlarms: describe,
      DeleteAlarms: remove,
      SetAlarmState: setState,
      ListTagsForResource: ofAlarm((arn) => ({
        Tags: { member: Object.entries(tags.of(arn)).map(([Key, Value]) => ({ Key, Value })) },
      })),
      TagResource: ofAlarm((arn, params) => {
        tags.add(arn, tagsOf(params));
        return {};
      }),
      UntagResource: ofAlarm((arn, params) => {
        tags.remove(arn, tagKeysOf(params));
        return {};
      }),
    },
  };
};
