import { emptyAnswer, Refused, xmlAnswer } from "../../answers.ts";
import type { Answer, Call } from "../../call.ts";
import type { GapContext } from "../../gap.ts";
import type { Tags } from "../../tags.ts";
import { objectOf, readXml, type XmlObject } from "../../xml.ts";

export type Actions = Record<string, (call: Call) => Answer>;

export interface Kind {
  actions: Actions;
  clear(): void;
}

export interface KindContext extends GapContext {
  tags: Tags;
  /** Whether a distribution holds this id or ARN. */
  inUse(word: string): boolean;
  /** A new ETag. */
  etag(): string;
  arn(kind: string, id: string): string;
}

export const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/** `/2020-05-31/KIND/ID/…` → ID. */
export const idOf = ({ path }: Call): string => decodeURIComponent(path.split("/")[3] ?? "");

/** What the body holds, without its name and namespace. */
export const bodyOf = (call: Call): XmlObject => {
  const [root] = Object.values(readXml(call.body));
  const { "@xmlns": _, ...content } = objectOf(root);
  return content;
};

export const answer = (
  name: string,
  content: XmlObject,
  { status = 200, etag }: { status?: number; etag?: string } = {},
): Answer =>
  xmlAnswer(
    { [name]: { "@xmlns": NAMESPACE, ...content } },
    { status, ...(etag !== undefined && { headers: { etag } }) },
  );

export const gone = (): Answer => emptyAnswer(204);

/**
 * A change needs the ETag of what it changes: none is refused with 400, another one with 412.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
 */
export const checkMatch = (call: Call, etag: string): void => {
  const given = call.headers["if-match"];
  if (given === undefined)
    throw new Refused(
      "InvalidIfMatchVersion",
      "The If-Match version is missing or not valid for the resource.",
      400,
    );
  if (given !== etag && given !== "*")
    throw new Refused("PreconditionFailed", "The request's If-Match is not the resource's ETag.", 412);
};

/** A list that is never cut. */
export const list = (name: string, element: string, items: XmlObject[]): Answer =>
  answer(name, {
    MaxItems: "100",
    IsTruncated: "false",
    Quantity: String(items.length),
    ...(items.length > 0 && { Items: { [element]: items } }),
  });
