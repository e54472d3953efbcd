import { GetHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { awsFault } from "./aws-fault.ts";

/** Name and servers of a hosted zone, both without a closing dot. A failed call is AWS_CREDENTIALS or INFRA_FAILED. */
export const nameServersOf = async (
  zone: string,
  { region, signal }: { region: string; signal: AbortSignal },
): Promise<{ name: string; servers: string[] }> => {
  const client = new Route53Client({ region, maxAttempts: 5 });
  try {
    const { HostedZone, DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: zone }), {
      abortSignal: signal,
    });
    const plain = (name: string) => name.replace(/\.$/, "");
    return { name: plain(HostedZone?.Name ?? ""), servers: (DelegationSet?.NameServers ?? []).map(plain) };
  } catch (error) {
    throw awsFault(error, { action: `route53:GetHostedZone on ${zone}`, signal });
  } finally {
    client.destroy();
  }
};
