import type { Answer, Call, Json, Moto } from "../call.ts";
import type { MakeGap } from "../gap.ts";
import { inputOf, outputOf, outputWith } from "../neutral.ts";
import { makeShelf } from "../shelf.ts";
import { makeTags } from "../tags.ts";

const NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

interface Alarm extends Json {
  AlarmName: string;
  AlarmArn: string;
  StateValue: string;
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const tagsIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    ((value ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
  );

/**
 * Composite alarms. Their rule is kept and not evaluated: like moto's metric alarms they change by SetAlarmState alone. Source:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export const makeCloudwatch: MakeGap = ({ account, now }) => {
  const alarms = makeShelf<Alarm>({ missing: "ResourceNotFound", exists: "" });
  const tags = makeTags();
  const done = (call: Call) => outputOf(call, NAMESPACE, {});

  const put = (call: Call): Answer => {
    const sent = inputOf(call);
    const name = String(sent["AlarmName"]);
    const before = alarms.find(call, name);
    const alarm: Alarm = {
      AlarmName: name,
      AlarmArn: `arn:aws:cloudwatch:${call.region}:${account}:alarm:${name}`,
      AlarmRule: String(sent["AlarmRule"]),
      ActionsEnabled: String(sent["ActionsEnabled"] ?? true) === "true",
      AlarmActions: list(sent["AlarmActions"]),
      OKActions: list(sent["OKActions"]),
      InsufficientDataActions: list(sent["InsufficientDataActions"]),
      AlarmConfigurationUpdatedTimestamp: now(),
      StateValue: before?.StateValue ?? "OK",
      StateReason: before?.["StateReason"] ?? "The rig does not evaluate alarm rules.",
      StateUpdatedTimestamp: before?.["StateUpdatedTimestamp"] ?? now(),
    };
    for (const key of ["AlarmDescription", "ActionsSuppressor"])
      if (sent[key] !== undefined) alarm[key] = String(sent[key]);
    for (const key of ["ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"])
      if (sent[key] !== undefined) alarm[key] = Number(sent[key]);
    alarms.put(call, name, alarm);
    if (before === undefined) tags.set(alarm.AlarmArn, tagsIn(sent["Tags"]));
    return done(call);
  };
  /** Without types AWS answers with metric alarms only. */
  const describe = (call: Call, moto: Moto) => {
    const sent = inputOf(call);
    const types = list(sent["AlarmTypes"]);
    if (!types.includes("CompositeAlarm")) return moto(call);
    const names = list(sent["AlarmNames"]);
    const CompositeAlarms = alarms
      .all(call)
      .filter(({ AlarmName }) => names.length === 0 || names.includes(AlarmName))
      .filter(({ AlarmName }) => AlarmName.startsWith(String(sent["AlarmNamePrefix"] ?? "")))
      .filter(({ StateValue }) => (sent["StateValue"] ?? StateValue) === StateValue);
    if (types.includes("MetricAlarm")) return outputWith(call, moto, { CompositeAlarms });
    return outputOf(call, NAMESPACE, { CompositeAlarms, MetricAlarms: [] });
  };
  const remove = (call: Call, moto: Moto) => {
    for (const name of list(inputOf(call)["AlarmNames"]))
      if (alarms.find(call, name) !== undefined) tags.drop(alarms.remove(call, name).AlarmArn);
    // moto deletes the others, and takes names that it does not know.
    return moto(call);
  };
  const setState = (call: Call, moto: Moto) => {
    const sent = inputOf(call);
    const alarm = alarms.find(call, String(sent["AlarmName"]));
    if (alarm === undefined) return moto(call);
    Object.assign(alarm, {
      StateValue: String(sent["StateValue"]),
      StateReason: String(sent["StateReason"]),
      StateUpdatedTimestamp: now(),
    });
    return done(call);
  };
  const ofAlarm = (act: (arn: string, sent: Json) => Json) => (call: Call, moto: Moto) => {
    const sent = inputOf(call);
    const arn = String(sent["ResourceARN"]);
    return tags.has(arn) ? outputOf(call, NAMESPACE, act(arn, sent)) : moto(call);
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
        Tags: Object.entries(tags.of(arn)).map(([Key, Value]) => ({ Key, Value })),
      })),
      TagResource: ofAlarm((arn, sent) => {
        tags.add(arn, tagsIn(sent["Tags"]));
        return {};
      }),
      UntagResource: ofAlarm((arn, sent) => {
        tags.remove(arn, list(sent["TagKeys"]));
        return {};
      }),
    },
  };
};
