import { queryAnswer } from "../../answers.ts";
import type { Answer, Call, Moto } from "../../call.ts";
import type { GapContext } from "../../gap.ts";
import { paramsOf, type Params } from "../../params.ts";
import type { Tags } from "../../tags.ts";
import type { XmlObject } from "../../xml.ts";

export type Actions = Record<string, (call: Call, moto: Moto) => Promise<Answer> | Answer>;

export interface Kind {
  actions: Actions;
  clear(): void;
}

export interface KindContext extends GapContext {
  tags: Tags;
  arn(call: Call, kind: string, name: string): string;
}

const NAMESPACE = "http://elasticache.amazonaws.com/doc/2015-02-02/";

/** An action from its parameters to its result. */
export const action =
  (act: (params: Params, call: Call, moto: Moto) => XmlObject | Promise<XmlObject>) =>
  async (call: Call, moto: Moto): Promise<Answer> =>
    queryAnswer(call, NAMESPACE, await act(paramsOf(call), call, moto));

/** What was sent, under the same names; what was not sent stays as it was. */
export const taken = (params: Params, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = params[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
