import { Refused } from "../../answers.ts";
import { objectOf, textOf, type XmlObject } from "../../xml.ts";
import { answer, bodyOf, checkMatch, gone, idOf, list, type Kind, type KindContext } from "./shared.ts";

interface Version {
  config: XmlObject;
  code: Buffer;
  etag: string;
  changedAt: string;
}

interface EdgeFunction {
  name: string;
  createdAt: string;
  development: Version;
  live: Version | null;
}

type Stage = "DEVELOPMENT" | "LIVE";

/** A function has two stages: what was sent last, and what was published last. */
export const makeFunctions = ({ now, etag, arn, inUse }: KindContext): Kind => {
  const functions = new Map<string, EdgeFunction>();
  const get = (name: string) => {
    const found = functions.get(name);
    if (found === undefined) throw new Refused("NoSuchFunctionExists", `There is no function ${name}.`, 404);
    return found;
  };
  const staged = (name: string, stage: Stage) => {
    const one = get(name);
    const version = stage === "LIVE" ? one.live : one.development;
    if (version === null) throw new Refused("NoSuchFunctionExists", `${name} was never published.`, 404);
    return { one, version };
  };
  const stageOf = (query: URLSearchParams): Stage => (query.get("Stage") === "LIVE" ? "LIVE" : "DEVELOPMENT");
  const summary = (one: EdgeFunction, version: Version, stage: Stage): XmlObject => ({
    Name: one.name,
    Status:
      stage === "LIVE" ? (inUse(arn("function", one.name)) ? "DEPLOYED" : "UNASSOCIATED") : "UNPUBLISHED",
    FunctionConfig: version.config,
    FunctionMetadata: {
      FunctionARN: arn("function", one.name),
      Stage: stage,
      CreatedTime: one.createdAt,
      LastModifiedTime: version.changedAt,
    },
  });
  const versionOf = (sent: XmlObject): Version => ({
    config: objectOf(sent["FunctionConfig"]),
    code: Buffer.from(textOf(sent["FunctionCode"]), "base64"),
    etag: etag(),
    changedAt: now().toISOString(),
  });
  return {
    clear: () => functions.clear(),
    actions: {
      CreateFunction: (call) => {
        const sent = bodyOf(call);
        const name = textOf(sent["Name"]);
        if (functions.has(name)) throw new Refused("FunctionAlreadyExists", `${name} is taken.`, 409);
        const one: EdgeFunction = {
          name,
          createdAt: now().toISOString(),
          development: versionOf(sent),
          live: null,
        };
        functions.set(name, one);
        return answer("FunctionSummary", summary(one, one.development, "DEVELOPMENT"), {
          status: 201,
          etag: one.development.etag,
        });
      },
      UpdateFunction: (call) => {
        const one = get(idOf(call));
        checkMatch(call, one.development.etag);
        one.development = versionOf(bodyOf(call));
        const changed = one.development.etag;
        const told = answer("FunctionSummary", summary(one, one.development, "DEVELOPMENT"), {
          etag: changed,
        });
        // AWS's own model of this action spells the header so, and SDKs read it there.
        return { ...told, headers: { ...told.headers, ettag: changed } };
      },
      PublishFunction: (call) => {
        const one = get(idOf(call));
        checkMatch(call, one.development.etag);
        one.live = { ...one.development, etag: etag(), changedAt: now().toISOString() };
        return answer("FunctionSummary", summary(one, one.live, "LIVE"));
      },
      DescribeFunction: (call) => {
        const stage = stageOf(call.query);
        const { one, version } = staged(idOf(call), stage);
        return answer("FunctionSummary", summary(one, version, stage), { etag: version.etag });
      },
      GetFunction: (call) => {
        const { version } = staged(idOf(call), stageOf(call.query));
        const headers = { "content-type": "application/octet-stream", etag: version.etag };
        return { status: 200, headers, body: version.code };
      },
      ListFunctions: (call) => {
        const stage = stageOf(call.query);
        const all = [...functions.values()].flatMap((one) => {
          const version = stage === "LIVE" ? one.live : one.development;
          return version === null ? [] : [summary(one, version, stage)];
        });
        return list("FunctionList", "FunctionSummary", all);
      },
      DeleteFunction: (call) => {
        const one = get(idOf(call));
        checkMatch(call, one.development.etag);
        if (inUse(arn("function", one.name)))
          throw new Refused("FunctionInUse", `${one.name} is in use.`, 409);
        functions.delete(one.name);
        return gone();
      },
    },
  };
};
