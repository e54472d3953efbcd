import { askJson } from "../ask.ts";
import type { Moto } from "../call.ts";
import type { ContainerDefinition } from "./definition.ts";

export interface ContainerLog {
  /** A writer of its own for each of a container's two outputs, whose lines do not mix. */
  open(): (text: string) => void;
  /** Everything is in CloudWatch Logs. */
  flush(): Promise<void>;
}

/**
 * The awslogs driver: a stream `prefix/container/task id`, an event a line.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export const openLog = async (
  moto: Moto,
  { container, taskId, now }: { container: ContainerDefinition; taskId: string; now: () => Date },
): Promise<ContainerLog> => {
  const { log } = container;
  if (log === null) return { open: () => () => undefined, flush: () => Promise.resolve() };
  const place = { logGroupName: log.group, logStreamName: `${log.prefix}/${container.name}/${taskId}` };
  const ask = (action: string, content: object) =>
    askJson(moto, {
      service: "logs",
      region: log.region,
      target: `Logs_20140328.${action}`,
      content: { ...place, ...content },
    });
  await ask("CreateLogStream", {});
  const unfinished: (() => string)[] = [];
  const events: { timestamp: number; message: string }[] = [];
  const take = (lines: string[]) => {
    const timestamp = now().getTime();
    events.push(...lines.filter((line) => line !== "").map((message) => ({ timestamp, message })));
  };
  return {
    open: () => {
      let pending = "";
      unfinished.push(() => pending);
      return (text) => {
        const lines = (pending + text).split("\n");
        pending = lines.pop() ?? "";
        take(lines);
      };
    },
    flush: async () => {
      take(unfinished.splice(0).map((rest) => rest()));
      if (events.length > 0) await ask("PutLogEvents", { logEvents: events.splice(0) });
    },
  };
};
