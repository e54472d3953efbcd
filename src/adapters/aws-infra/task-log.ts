import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTaskDefinitionCommand, type ECSClient } from "@aws-sdk/client-ecs";

const MOST_LINES = 20;

/**
 * The last lines that a task wrote, by the log that its definition names; empty where there is none, or where it cannot be read:
 * the task's end is what counts.
 */
export const lastLines = async ({
  client,
  region,
  taskDefinition,
  arn,
  signal,
}: {
  client: ECSClient;
  region: string;
  taskDefinition: string;
  arn: string;
  signal: AbortSignal;
}): Promise<string[]> => {
  const logs = new CloudWatchLogsClient({ region, maxAttempts: 3 });
  try {
    const described = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }), {
      abortSignal: signal,
    });
    const container = described.taskDefinition?.containerDefinitions?.[0];
    const options = container?.logConfiguration?.options;
    if (container === undefined || options?.["awslogs-group"] === undefined) return [];
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({
        logGroupName: options["awslogs-group"],
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
        logStreamName: `${options["awslogs-stream-prefix"]}/${container.name}/${arn.replace(/^.*\//, "")}`,
        limit: MOST_LINES,
        startFromHead: false,
      }),
      { abortSignal: signal },
    );
    return events.map(({ message = "" }) => message.trimEnd());
  } catch (error) {
    if (signal.aborted) throw error;
    return [];
  } finally {
    logs.destroy();
  }
};
