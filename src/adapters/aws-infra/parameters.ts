import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { awsFault } from "./aws-fault.ts";

interface Where {
  region: string;
  signal: AbortSignal;
}

export const readParameter = (name: string, { region, signal }: Where): Promise<string | null> =>
  asking({ region, signal, action: `ssm:GetParameter on ${name}` }, async (client) => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name }), {
        abortSignal: signal,
      });
      return Parameter?.Value ?? null;
    } catch (error) {
      if (error instanceof ParameterNotFound) return null;
      throw error;
    }
  });

export const writeParameter = (name: string, value: string, { region, signal }: Where): Promise<void> =>
  asking({ region, signal, action: `ssm:PutParameter on ${name}` }, async (client) => {
    const command = new PutParameterCommand({ Name: name, Value: value, Overwrite: true });
    await client.send(command, { abortSignal: signal });
  });

const asking = async <T>(
  { region, signal, action }: Where & { action: string },
  work: (client: SSMClient) => Promise<T>,
): Promise<T> => {
  const client = new SSMClient({ region, maxAttempts: 5 });
  try {
    return await work(client);
  } catch (error) {
    throw awsFault(error, { action, signal });
  } finally {
    client.destroy();
  }
};
