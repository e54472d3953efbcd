import { withBody, type Answer, type Call, type Moto } from "../../call.ts";
import { everyXml, mendXml } from "../../mend.ts";
import { objects, paramsOf, text, texts, type Params } from "../../params.ts";
import { readXml, textOf, type XmlObject } from "../../xml.ts";
import { queryAnswer, Refused } from "../../answers.ts";

interface Changeable {
  /** The actions, and the parameter that names the resource. */
  modify: string;
  describe: string;
  remove: string;
  named: string;
  /** The element of one in a list, and of its name in it; what stands around it in the answer to a change. */
  element: string;
  name: string;
  told: string;
  fields(params: Params): XmlObject;
}

const sent = (params: Params, names: string[]): XmlObject =>
  Object.fromEntries(
    names.flatMap((name) => (params[name] === undefined ? [] : [[name, text(params[name])]])),
  );

const CHANGEABLE: Changeable[] = [
  {
    modify: "ModifyDBProxy",
    describe: "DescribeDBProxies",
    remove: "DeleteDBProxy",
    named: "DBProxyName",
    element: "member",
    name: "DBProxyName",
    told: "DBProxy",
    fields: (params) => ({
      ...sent(params, ["RequireTLS", "IdleClientTimeout", "DebugLogging", "RoleArn"]),
      ...(params["Auth"] !== undefined && { Auth: { member: objects(params["Auth"]) as XmlObject[] } }),
      ...(params["SecurityGroups"] !== undefined && {
        VpcSecurityGroupIds: { member: texts(params["SecurityGroups"]) },
      }),
    }),
  },
  {
    modify: "ModifyEventSubscription",
    describe: "DescribeEventSubscriptions",
    remove: "DeleteEventSubscription",
    named: "SubscriptionName",
    element: "EventSubscription",
    name: "CustSubscriptionId",
    told: "EventSubscription",
    fields: (params) => ({
      ...sent(params, ["SnsTopicArn", "SourceType", "Enabled"]),
      ...(params["EventCategories"] !== undefined && {
        EventCategoriesList: { EventCategory: texts(params["EventCategories"]) },
      }),
    }),
  },
];

/**
 * What moto makes and cannot change: proxies and event subscriptions. Source:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html and API_ModifyEventSubscription.html
 */
export const makeChanges = (namespace: string) => {
  const changed = new Map<string, XmlObject>();
  const keyOf = (call: Call, kind: Changeable, name: string) => [call.region, kind.told, name].join(" ");
  const complete = (call: Call, kind: Changeable, content: XmlObject) => {
    const found = everyXml(content, kind.element).filter((one) => textOf(one[kind.name]) !== "");
    for (const one of found) Object.assign(one, changed.get(keyOf(call, kind, textOf(one[kind.name]))));
    return found;
  };
  const actionsOf = (kind: Changeable) => ({
    [kind.modify]: async (call: Call, moto: Moto): Promise<Answer> => {
      const params = paramsOf(call);
      const name = text(params[kind.named]);
      const form = new URLSearchParams({ Action: kind.describe, Version: "2014-10-31", [kind.named]: name });
      const described = await moto(withBody({ ...call, action: kind.describe }, form.toString()));
      if (described.status !== 200) return described;
      const key = keyOf(call, kind, name);
      changed.set(key, { ...changed.get(key), ...kind.fields(params) });
      const [one] = complete(call, kind, readXml(described.body));
      if (one === undefined) throw new Refused(`${kind.told}NotFoundFault`, `There is no ${name}.`, 404);
      return queryAnswer(call, namespace, { [kind.told]: one });
    },
    [kind.describe]: (call: Call, moto: Moto) =>
      mendXml(call, moto, (content) => void complete(call, kind, content)),
    [kind.remove]: (call: Call, moto: Moto) => {
      changed.delete(keyOf(call, kind, text(paramsOf(call)[kind.named])));
      return moto(call);
    },
  });
  return {
    clear: () => changed.clear(),
    actions: Object.assign({}, ...CHANGEABLE.map(actionsOf)) as ReturnType<typeof actionsOf>,
  };
};
