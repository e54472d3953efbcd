import { XMLBuilder, XMLParser } from "fast-xml-parser";

/** Element name → text, object, or list of them; attributes begin with "@". */
export type XmlValue = string | XmlObject | XmlValue[] | undefined;
export interface XmlObject {
  [name: string]: XmlValue;
}

const SHARED = { ignoreAttributes: false, attributeNamePrefix: "@" } as const;
const parser = new XMLParser({
  ...SHARED,
  parseTagValue: false,
  parseAttributeValue: false,
  // Also numeric entities, as which SDKs write quotes.
  htmlEntities: true,
  ignoreDeclaration: true,
});
const builder = new XMLBuilder({ ...SHARED, suppressBooleanAttributes: false });

/** Every value is text; an element that occurs once is no list (see `listOf`), an empty one is "". */
export const readXml = (body: Buffer | string): XmlObject => parser.parse(body.toString()) as XmlObject;

export const writeXml = (content: XmlObject): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(content)}`;

/** What an element holds, as an object; an empty element is an empty object. */
export const objectOf = (value: XmlValue): XmlObject =>
  typeof value === "object" && !Array.isArray(value) ? value : {};

/** However often it occurs. */
export const listOf = (value: XmlValue): XmlValue[] =>
  value === undefined || value === "" ? [] : Array.isArray(value) ? value : [value];

export const objectsOf = (value: XmlValue): XmlObject[] => listOf(value).map(objectOf);

export const textOf = (value: XmlValue): string => (typeof value === "string" ? value : "");
