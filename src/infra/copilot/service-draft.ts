import { at, isObject, type Manifest } from "./manifest.ts";

/** A service as the manifest describes it, in the words of the configuration. */
export interface ServiceDraft {
  name: string;
  kind: "web" | "worker";
  route: string | null;
  port: number | null;
  cpu: number;
  memoryMb: number;
  instances: number;
  maxInstances: number | null;
  scaleAtCpuPercent: number | null;
  health: { path: string; seconds: Record<string, number>; counts: Record<string, number> };
  /** Folder of the Dockerfile. */
  path: string | null;
  env: Record<string, string>;
  /** Each with where Copilot has it. */
  secrets: SecretDraft[];
  /** The host name that it is reached by; null: the one that Copilot gives. */
  alias: string | null;
}

export interface SecretDraft {
  name: string;
  /** "stack": an output of a stack has its address, which the manifest does not. */
  store: "parameter" | "secret" | "stack";
  from: string;
}

export interface DraftNote {
  service: string;
  what: string;
  todo: string;
}

type Value = ReturnType<typeof at>;

const numberOr = (value: Value, fallback: number): number =>
  typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value)) ? Number(value) : fallback;

const text = (value: Value): string | null =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : null;

/** `10s`, `1m30s`; Go's durations, in seconds. */
export const secondsOf = (value: Value): number | null => {
  if (typeof value !== "string") return null;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== value) return null;
  const unit: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  return Math.max(
    1,
    Math.round(parts.reduce((sum, [, count, name]) => sum + Number(count) * unit[name!]!, 0)),
  );
};

/** `/` and "api" → routes. */
const routeOf = (path: string): string => {
  const bare = path.replace(/^\/+|\/+$/g, "");
  return bare === "" ? "/*" : `/${bare}/*`;
};

const countOf = (count: Value): Pick<ServiceDraft, "instances" | "maxInstances" | "scaleAtCpuPercent"> => {
  if (!isObject(count))
    return { instances: Math.max(1, numberOr(count, 1)), maxInstances: null, scaleAtCpuPercent: null };
  const range = count["range"];
  const [low, high] = isObject(range)
    ? [numberOr(range["min"], 1), numberOr(range["max"], 1)]
    : (text(range) ?? "1-1").split("-").map(Number);
  const cpu = isObject(count["cpu_percentage"]) ? count["cpu_percentage"]["value"] : count["cpu_percentage"];
  return {
    instances: Math.max(1, low ?? 1),
    maxInstances: high ?? null,
    scaleAtCpuPercent: cpu === undefined ? null : numberOr(cpu, 60),
  };
};

const healthOf = (values: Manifest["values"]): ServiceDraft["health"] => {
  const check = at(values, "http.healthcheck");
  if (!isObject(check)) return { path: text(check) ?? "/", seconds: {}, counts: {} };
  const pick = (names: Record<string, string>, of: (value: Value) => number | null): Record<string, number> =>
    Object.fromEntries(
      Object.entries(names).flatMap(([from, to]) => {
        const value = check[from] === undefined ? null : of(check[from]);
        return value === null ? [] : [[to, value]];
      }),
    );
  return {
    path: text(check["path"]) ?? "/",
    seconds: pick({ interval: "interval", timeout: "timeout", grace_period: "start" }, secondsOf),
    counts: pick(
      { healthy_threshold: "healthyAfter", unhealthy_threshold: "unhealthyAfter" },
      (value) => numberOr(value, 0) || null,
    ),
  };
};

const folderOf = (values: Manifest["values"]): string | null => {
  const file = text(at(values, "image.build.dockerfile") ?? at(values, "image.build"));
  if (file === null) return null;
  return file.includes("/") ? file.slice(0, file.lastIndexOf("/")).replace(/^\.\//, "") : ".";
};

const aliasOf = (alias: Value): string | null =>
  Array.isArray(alias) ? aliasOf(alias[0]) : isObject(alias) ? text(alias["name"]) : text(alias);

const secretOf = (name: string, value: Value): SecretDraft => {
  if (!isObject(value)) return { name, store: "parameter", from: text(value) ?? name };
  const secret = text(value["secretsmanager"]);
  return secret === null
    ? { name, store: "stack", from: text(value["from_cfn"]) ?? "" }
    : { name, store: "secret", from: secret };
};

export const draftService = ({ name, type, values }: Manifest): ServiceDraft => {
  const http = at(values, "http");
  const path = text(at(http, "path"));
  const isWeb = type === "Load Balanced Web Service" && http !== false;
  return {
    name,
    kind: isWeb ? "web" : "worker",
    route: isWeb ? routeOf(path ?? "/") : null,
    port: at(values, "image.port") === undefined ? null : numberOr(at(values, "image.port"), 80),
    cpu: numberOr(values["cpu"], 256),
    memoryMb: numberOr(values["memory"], 512),
    ...countOf(values["count"]),
    health: healthOf(values),
    path: folderOf(values),
    env: Object.fromEntries(
      Object.entries(isObject(values["variables"]) ? values["variables"] : {}).flatMap(([key, value]) => {
        const plain = text(value);
        return plain === null ? [] : [[key, plain]];
      }),
    ),
    secrets: Object.entries(isObject(values["secrets"]) ? values["secrets"] : {}).map(([key, value]) =>
      secretOf(key, value),
    ),
    alias: aliasOf(at(http, "alias")),
  };
};

const CONNECT = "give services that call each other the public route, by an environment variable";

/** Settings of a manifest that the configuration has no counterpart for. */
const WITHOUT: [path: string, what: string, todo: string][] = [
  ["network.connect", "Service Connect", CONNECT],
  ["sidecars", "sidecars", "put what they do into the service, or into a service of its own"],
  ["storage", "volumes and a read-only root", "keep files in a bucket"],
  ["env_file", "a file of environment variables", "copy its lines into env"],
  ["taskdef_overrides", "overrides of the task definition", "look at each of them"],
  ["nlb", "a network load balancer", "put one into a module of your own"],
  [
    "http.additional_rules",
    "more listener rules",
    "one route for each service: split it, or choose the widest",
  ],
  ["http.stickiness", "sticky sessions", "keep sessions in the cache"],
  ["platform", "another processor than x86_64", "build the image for linux/amd64"],
  ["image.location", "an image that others build", "build it here, from a Dockerfile of one line"],
  ["image.healthcheck", "a container's own health check", "answer health.path instead"],
  ["publish", "topics", "keep them beside the module, see what is yours"],
  ["subscribe", "queues", "keep them beside the module, see what is yours"],
  ["deployment", "rolling settings and alarms", "choose a strategy and gates in the configuration"],
  ["observability", "tracing", "the service sends its own traces"],
];

export const notesOn = ({ name, type, values }: Manifest): DraftNote[] => [
  ...WITHOUT.filter(([path]) => at(values, path) !== undefined && at(values, path) !== false).map(
    ([, what, todo]) => ({
      ...{ service: name, what, todo },
    }),
  ),
  ...(type === "Backend Service" && at(values, "image.port") !== undefined
    ? [{ service: name, what: "a service that only others inside reach", todo: CONNECT }]
    : []),
  ...Object.entries(isObject(values["variables"]) ? values["variables"] : {})
    .filter(([, value]) => isObject(value))
    .map(([key]) => ({
      service: name,
      what: `${key} from an output of a stack`,
      todo: "write its value into env",
    })),
];
