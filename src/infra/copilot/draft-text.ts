import type { ServiceDraft } from "./service-draft.ts";

export interface ConfigDraft {
  app: string;
  environment: string;
  region: string | null;
  account: string | null;
  domain: string | null;
  services: ServiceDraft[];
  sites: string[];
  /** Settings under `existing`, by path; subnets are listed. */
  existing: Record<string, string[]>;
  hasDatabase: boolean;
}

type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal } | Unknown;

/** What a person has to fill in. */
class Unknown {
  readonly comment: string;
  constructor(comment: string) {
    this.comment = comment;
  }
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

const literal = (value: Literal, indent: string): string => {
  if (value instanceof Unknown) return `"" /* ${value.comment.replaceAll("*/", "* /")} */`;
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, indent)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const inner = `${indent}  `;
  const lines = entries.map(([name, member]) => `${inner}${key(name)}: ${literal(member, inner)},`);
  return `{\n${lines.join("\n")}\n${indent}}`;
};

const some = <T extends Literal>(name: string, value: T | null | undefined): { [key: string]: Literal } =>
  value === null || value === undefined ? {} : { [name]: value };

const filled = (name: string, value: { [key: string]: Literal }): { [key: string]: Literal } =>
  Object.keys(value).length === 0 ? {} : { [name]: value };

const memory = (mb: number): string => (mb % 1024 === 0 ? `${mb / 1024}GB` : `${mb}MB`);

const service = (draft: ServiceDraft): Literal => ({
  path: draft.path ?? new Unknown("the folder of its sources"),
  command: new Unknown("what its Dockerfile starts: CMD"),
  ...some("route", draft.route),
  ...some("port", draft.port),
  ...(draft.kind === "web"
    ? {
        health: {
          path: draft.health.path,
          ...Object.fromEntries(
            Object.entries(draft.health.seconds).map(([name, value]) => [name, `${value}s`]),
          ),
          ...draft.health.counts,
        },
      }
    : {}),
  cpu: draft.cpu,
  memory: memory(draft.memoryMb),
  instances: draft.instances,
  ...some("maxInstances", draft.maxInstances),
  ...some("scaleAtCpu", draft.scaleAtCpuPercent === null ? null : `${draft.scaleAtCpuPercent}%`),
  ...filled("env", draft.env),
  ...some("secrets", draft.secrets.length === 0 ? null : draft.secrets.map(({ name }) => name)),
});

const nested = (existing: ConfigDraft["existing"]): { [key: string]: Literal } => {
  const result: { [key: string]: Literal } = {};
  for (const [path, values] of Object.entries(existing)) {
    const [first = "", second] = path.split(".");
    if (second === undefined) {
      result[first] = values[0]!;
      continue;
    }
    const inner = (result[first] ??= {}) as { [key: string]: Literal };
    inner[second] = second.endsWith("Subnets") ? values : values[0]!;
  }
  return result;
};

/** The parts of switchback.config.ts that follow from Copilot's stacks and manifests; what does not is marked. */
export const configDraft = (draft: ConfigDraft): string => {
  const buckets = Object.keys(draft.existing)
    .filter((path) => path.startsWith("buckets."))
    .map((path) => path.slice("buckets.".length));
  const config: Literal = {
    name: draft.app,
    ...filled("services", Object.fromEntries(draft.services.map((one) => [one.name, service(one)]))),
    ...filled(
      "sites",
      Object.fromEntries(
        draft.sites.map((name) => [name, { path: new Unknown("the folder of its sources"), route: "/*" }]),
      ),
    ),
    ...some("database", draft.hasDatabase ? "postgresql" : null),
    ...some("buckets", buckets.length === 0 ? null : buckets),
    environments: {
      [draft.environment]: {
        platform: "aws",
        domain: draft.domain ?? new Unknown("the host name that people type"),
        aws: {
          region: draft.region ?? new Unknown("the region of the stacks"),
          account: draft.account ?? new Unknown("the account of the stacks"),
          ...filled("existing", nested(draft.existing)),
        },
      },
    },
  };
  return `import { defineApp } from "switchback";\n\nexport default defineApp(${literal(config, "")});\n`;
};
