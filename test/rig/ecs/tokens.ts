import { jsonAnswer } from "../answers.ts";
import type { Answer, Json } from "../call.ts";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html: of one cluster, for 24 hours. */
const LIFE_MS = 24 * 60 * 60_000;

interface Used {
  asked: string;
  tasks: Json[];
  untilMs: number;
}

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, one]) => [key, sorted(one)]),
        )
      : value;

/** The same token with the same request is answered as the first time; with another request it is a conflict. */
export const makeTokens = ({ now }: { now: () => Date }) => {
  const used = new Map<string, Used>();
  const keyOf = (clusterArn: string, token: string) => `${clusterArn} ${token}`;
  return {
    clear: () => used.clear(),
    /** Null: the token is new. */
    find: (clusterArn: string, request: Json): { tasks: Json[] } | { conflict: Answer } | null => {
      const token = request["clientToken"];
      const found = typeof token === "string" ? used.get(keyOf(clusterArn, token)) : undefined;
      if (found === undefined || found.untilMs < now().getTime()) return null;
      if (found.asked === JSON.stringify(sorted(request))) return { tasks: found.tasks };
      const message = "The request token was used with other parameters.";
      const content = {
        __type: "ConflictException",
        message,
        resourceIds: found.tasks.map((task) => task["taskArn"]),
      };
      return { conflict: jsonAnswer(content, { status: 400 }) };
    },
    use: (clusterArn: string, request: Json, tasks: Json[]): void => {
      const token = request["clientToken"];
      if (typeof token !== "string") return;
      const asked = JSON.stringify(sorted(request));
      used.set(keyOf(clusterArn, token), { asked, tasks, untilMs: now().getTime() + LIFE_MS });
    },
  };
};
