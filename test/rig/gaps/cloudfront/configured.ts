import { Refused } from "../../answers.ts";
import { textOf, type XmlObject } from "../../xml.ts";
import { MANAGED, type Managed } from "./managed.ts";
import {
  answer,
  bodyOf,
  checkMatch,
  gone,
  idOf,
  list,
  type Actions,
  type Kind,
  type KindContext,
} from "./shared.ts";

interface Shape {
  /** The element's name: its configuration is `<name>Config`. */
  name: string;
  plural: string;
  /** Of an error: `NoSuch…`, `…AlreadyExists`, `…InUse`. */
  word?: string;
  managed?: Managed[];
  /** How one looks in a list; its element is `<name>Summary`. */
  summary(resource: XmlObject, config: XmlObject, type: string): XmlObject;
  created?: "CreatedTime";
}

const policy =
  (name: string): Shape["summary"] =>
  (resource, _, type) => ({ Type: type, [name]: resource });

const SHAPES: Shape[] = [
  { name: "CachePolicy", plural: "CachePolicies", managed: MANAGED.cache, summary: policy("CachePolicy") },
  {
    name: "OriginRequestPolicy",
    plural: "OriginRequestPolicies",
    managed: MANAGED.origin,
    summary: policy("OriginRequestPolicy"),
  },
  {
    name: "ResponseHeadersPolicy",
    plural: "ResponseHeadersPolicies",
    managed: MANAGED.headers,
    summary: policy("ResponseHeadersPolicy"),
  },
  {
    name: "OriginAccessControl",
    plural: "OriginAccessControls",
    summary: (resource, config) => ({ Id: resource["Id"], ...config }),
  },
  {
    name: "KeyGroup",
    plural: "KeyGroups",
    word: "Resource",
    summary: (resource) => ({ KeyGroup: resource }),
  },
  {
    name: "PublicKey",
    plural: "PublicKeys",
    created: "CreatedTime",
    summary: (resource, config) => ({ Id: resource["Id"], CreatedTime: resource["CreatedTime"], ...config }),
  },
];

interface Resource {
  id: string;
  config: XmlObject;
  etag: string;
  changedAt: string;
  managed: boolean;
}

const makeShape = (shape: Shape, { now, nextId, etag, inUse }: KindContext): Kind => {
  const { name, word = shape.name } = shape;
  let resources = new Map<string, Resource>();
  const fill = () => {
    resources = new Map(
      (shape.managed ?? []).map(({ id, config }) => [
        id,
        { id, config, etag: "E23ZP02F085DFQ", changedAt: "2020-01-01T00:00:00Z", managed: true },
      ]),
    );
  };
  fill();
  const get = (id: string) => {
    const found = resources.get(id);
    if (found === undefined) throw new Refused(`NoSuch${word}`, `The specified ${name} does not exist.`, 404);
    return found;
  };
  const xml = ({ id, config, changedAt }: Resource): XmlObject => ({
    Id: id,
    [shape.created ?? "LastModifiedTime"]: changedAt,
    [`${name}Config`]: config,
  });
  const checkName = (config: XmlObject, id: string | null) => {
    const other = [...resources.values()].find(
      (one) => textOf(one.config["Name"]) === textOf(config["Name"]) && one.id !== id,
    );
    if (other !== undefined)
      throw new Refused(`${name}AlreadyExists`, `${textOf(config["Name"])} is taken.`, 409);
  };
  const actions: Actions = {
    [`Create${name}`]: (call) => {
      const config = bodyOf(call);
      checkName(config, null);
      const number = String(nextId()).padStart(12, "0");
      const id = shape.managed === undefined ? `E${number}` : `00000000-0000-4000-8000-${number}`;
      const resource = { id, config, etag: etag(), changedAt: now().toISOString(), managed: false };
      resources.set(id, resource);
      return answer(name, xml(resource), { status: 201, etag: resource.etag });
    },
    [`Get${name}`]: (call) => {
      const found = get(idOf(call));
      return answer(name, xml(found), { etag: found.etag });
    },
    [`Get${name}Config`]: (call) => {
      const found = get(idOf(call));
      return answer(`${name}Config`, found.config, { etag: found.etag });
    },
    [`Update${name}`]: (call) => {
      const found = get(idOf(call));
      checkMatch(call, found.etag);
      const config = bodyOf(call);
      checkName(config, found.id);
      Object.assign(found, { config, etag: etag(), changedAt: now().toISOString() });
      return answer(name, xml(found), { etag: found.etag });
    },
    [`Delete${name}`]: (call) => {
      const found = get(idOf(call));
      checkMatch(call, found.etag);
      if (found.managed) throw new Refused("IllegalDelete", "A managed policy cannot be deleted.", 409);
      if (inUse(found.id)) throw new Refused(`${word}InUse`, `${found.id} is in use by a distribution.`, 409);
      resources.delete(found.id);
      return gone();
    },
    [`List${shape.plural}`]: (call) => {
      const type = call.query.get("Type");
      const found = [...resources.values()].filter(
        ({ managed }) => type === null || (type === "managed") === managed,
      );
      return list(
        `${name}List`,
        `${name}Summary`,
        found.map((one) => shape.summary(xml(one), one.config, one.managed ? "managed" : "custom")),
      );
    },
  };
  return { actions, clear: fill };
};

/** What is a configuration and an id: policies, origin access controls, key groups and public keys. */
export const makeConfigured = (context: KindContext): Kind[] =>
  SHAPES.map((shape) => makeShape(shape, context));
