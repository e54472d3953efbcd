import type { Answer, Call, Json, Moto } from "./call.ts";
import { readXml, writeXml, type XmlObject } from "./xml.ts";

const good = ({ status }: Answer) => status >= 200 && status < 300;

const withBody = (answer: Answer, body: string): Answer => ({ ...answer, body: Buffer.from(body) });

/** moto's answer, its JSON changed in place when it is no error. */
export const mendJson = async (call: Call, moto: Moto, mend: (content: Json) => void): Promise<Answer> => {
  const answer = await moto(call);
  if (!good(answer)) return answer;
  const content = JSON.parse(answer.body.toString("utf8")) as Json;
  mend(content);
  return withBody(answer, JSON.stringify(content));
};

/** moto's answer, its XML changed in place when it is no error. */
export const mendXml = async (
  call: Call,
  moto: Moto,
  mend: (content: XmlObject) => void,
): Promise<Answer> => {
  const answer = await moto(call);
  if (!good(answer)) return answer;
  const content = readXml(answer.body);
  mend(content);
  return withBody(answer, writeXml(content));
};

/** Every object that stands under this name, however deep. */
export const everyXml = (content: XmlObject, name: string): XmlObject[] =>
  Object.entries(content).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) =>
      typeof one === "object" && !Array.isArray(one)
        ? [...(key === name ? [one] : []), ...everyXml(one, name)]
        : [],
    ),
  );
