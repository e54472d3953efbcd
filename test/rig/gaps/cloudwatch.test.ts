import { cbor } from "@smithy/core/cbor";
import type { Json } from "../call.ts";
import { expect, test } from "vitest";
import { query, signed, theRig, useRig } from "./wire.ts";

useRig();

test("a composite alarm is described with metric alarms only when it is asked for", async () => {
  const alarms = (params: Record<string, string>) => query("monitoring", "2010-08-01", params);
  await alarms({ Action: "PutCompositeAlarm", AlarmName: "both", AlarmRule: "ALARM(one) OR ALARM(two)" });
  const all = { "AlarmTypes.member.1": "CompositeAlarm", "AlarmTypes.member.2": "MetricAlarm" };
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms" })).content)).not.toContain("both");
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms", ...all })).content)).toContain(
    '"AlarmName":"both"',
  );
  await alarms({
    Action: "SetAlarmState",
    AlarmName: "both",
    StateValue: "ALARM",
    StateReason: "the test says so",
  });
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms", ...all })).content)).toContain(
    '"StateValue":"ALARM"',
  );
  await alarms({ Action: "DeleteAlarms", "AlarmNames.member.1": "both" });
  expect(JSON.stringify((await alarms({ Action: "DescribeAlarms", ...all })).content)).not.toContain("both");
});

test("composite alarms are told in CBOR too, beside moto's metric alarms", async () => {
  const ask = async (action: string, content: Json) => {
    const answer = await fetch(`${theRig().url}/service/GraniteServiceVersion20100801/operation/${action}`, {
      method: "POST",
      headers: {
        ...signed("monitoring"),
        "content-type": "application/cbor",
        "smithy-protocol": "rpc-v2-cbor",
      },
      body: cbor.serialize(content),
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, content: (body.length === 0 ? {} : cbor.deserialize(body)) as Json };
  };
  await ask("PutMetricAlarm", {
    AlarmName: "one",
    Namespace: "shop",
    MetricName: "errors",
    ComparisonOperator: "GreaterThanThreshold",
    EvaluationPeriods: 1,
    Period: 60,
    Statistic: "Sum",
    Threshold: 1,
  });
  await ask("PutCompositeAlarm", { AlarmName: "both", AlarmRule: "ALARM(one)", ActionsEnabled: false });
  const { content } = await ask("DescribeAlarms", { AlarmTypes: ["CompositeAlarm", "MetricAlarm"] });
  expect(content).toMatchObject({
    MetricAlarms: [{ AlarmName: "one" }],
    CompositeAlarms: [{ AlarmName: "both", ActionsEnabled: false, StateValue: "OK" }],
  });
  theRig().faults.add({ service: "cloudwatch", fate: { type: "throttle" } });
  expect(await ask("DescribeAlarms", {})).toMatchObject({ status: 400, content: { __type: "Throttling" } });
});
