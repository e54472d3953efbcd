/** One step into a module: `module.service["api"]` is { name: "service", index: '["api"]' }. */
export interface ModuleStep {
  name: string;
  /** With its brackets; "" where the module is there once. */
  index: string;
}

const INDEX = String.raw`(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?`;
const STEP = new RegExp(String.raw`^module\.([\w-]+)${INDEX}(?:\.|$)`);

export interface ResourceAddress {
  module: ModuleStep[];
  /** Of the module, "" for the root; ends with a dot otherwise. */
  prefix: string;
  /** Without module and index: `aws_s3_bucket.this`, `data.aws_iam_policy_document.this`. */
  local: string;
  /** With its brackets, or "". */
  index: string;
}

export const parseAddress = (address: string): ResourceAddress => {
  const module: ModuleStep[] = [];
  let rest = address;
  for (let match = STEP.exec(rest); match !== null; match = STEP.exec(rest)) {
    module.push({ name: match[1]!, index: match[2] ?? "" });
    rest = rest.slice(match[0].length);
  }
  const [, local = rest, index = ""] = new RegExp(String.raw`^(.*?)${INDEX}$`).exec(rest) ?? [];
  return { module, prefix: address.slice(0, address.length - rest.length), local, index };
};

export const prefixOf = (module: ModuleStep[]): string =>
  module.map(({ name, index }) => `module.${name}${index}.`).join("");
