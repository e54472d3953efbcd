import type { Params } from "./params.ts";
import { objects, text, texts } from "./params.ts";
import type { XmlObject } from "./xml.ts";

/** Tags of a service's resources, by ARN. */
export interface Tags {
  set(arn: string, tags: Record<string, string>): void;
  add(arn: string, tags: Record<string, string>): void;
  remove(arn: string, keys: string[]): void;
  of(arn: string): Record<string, string>;
  has(arn: string): boolean;
  drop(arn: string): void;
  clear(): void;
}

export const makeTags = (): Tags => {
  const byArn = new Map<string, Record<string, string>>();
  const of = (arn: string) => byArn.get(arn) ?? {};
  return {
    set: (arn, tags) => void byArn.set(arn, tags),
    add: (arn, tags) => void byArn.set(arn, { ...of(arn), ...tags }),
    remove: (arn, keys) =>
      void byArn.set(arn, Object.fromEntries(Object.entries(of(arn)).filter(([key]) => !keys.includes(key)))),
    of,
    has: (arn) => byArn.has(arn),
    drop: (arn) => void byArn.delete(arn),
    clear: () => byArn.clear(),
  };
};

/** `Tags.Tag.1.Key` … of a query-protocol call. */
export const tagsOf = (params: Params): Record<string, string> =>
  Object.fromEntries(objects(params["Tags"]).map((tag) => [text(tag["Key"]), text(tag["Value"])]));

export const tagKeysOf = (params: Params): string[] => texts(params["TagKeys"]);

export const tagListXml = (tags: Record<string, string>): XmlObject => ({
  Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});
