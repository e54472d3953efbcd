import { awsPlaceOf } from "../../infra/check-infra.ts";
import { delegationText, isOwnZone } from "../../infra/delegation.ts";
import type { TerraformEvent } from "../../ports/infra.ts";
import type { InfraContext, InfraSession } from "./context.ts";

/**
 * A session that also says where to delegate, as soon as a zone is made that nobody delegates to: Terraform goes on and waits for
 * certificates then. What cannot be looked up is told without the servers, and stops nothing.
 */
export const tellingDelegation = <T extends InfraSession>(
  { app, facts }: Pick<InfraContext, "app" | "facts">,
  environment: string,
  session: T,
): T => {
  const { aws } = awsPlaceOf(app, environment);
  const { onEvent = () => undefined } = session;
  if (aws.parentZone !== null || aws.existing.zone !== null) return session;
  const tell = async (zone: string) => {
    const where = { region: aws.region ?? "us-east-1", signal: session.interrupt };
    const text = await facts
      .nameServersOf(zone, where)
      .then(
        delegationText,
        () =>
          `delegate the zone ${zone} now: aws route53 get-hosted-zone --id ${zone}; the certificates wait for it`,
      );
    onEvent({ type: "warning", text });
  };
  return {
    ...session,
    onEvent: (event: TerraformEvent) => {
      onEvent(event);
      if (
        event.type === "ended" &&
        event.action === "create" &&
        event.id !== null &&
        isOwnZone(event.address)
      )
        void tell(event.id);
    },
  };
};
