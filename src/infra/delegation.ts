import type { AppDefinition } from "../domain/app-definition.ts";
import { awsPlaceOf } from "./check-infra.ts";
import type { InfraNote } from "./notes.ts";
import type { ResourceChange } from "./plan-change.ts";

const ZONE = /(^|\.)aws_route53_zone\.this\[0\]$/;

/** Whether it is the hosted zone that the modules make for an environment's domain. */
export const isOwnZone = (address: string): boolean => ZONE.test(address);

/** The zone that a domain is delegated from. */
const parentOf = (domain: string): string => domain.split(".").slice(1).join(".");

/**
 * What a person has to do for a zone that a plan makes and nobody delegates to: certificates are issued only when its records are
 * found. Empty where the apply delegates by itself. Pure.
 */
export const delegationNotes = (
  app: AppDefinition,
  environment: string,
  changes: readonly Pick<ResourceChange, "address" | "action">[],
): InfraNote[] => {
  const { definition, aws } = awsPlaceOf(app, environment);
  const made = changes.some(({ address, action }) => action === "create" && isOwnZone(address));
  if (!made || aws.parentZone !== null || definition.domain === null) return [];
  const message =
    `gets a hosted zone of its own, which the zone of ${parentOf(definition.domain)} has to delegate to: the apply tells the name ` +
    "servers as soon as there are any, and its certificates wait for it. With aws.parentZone the apply writes them there itself";
  return [{ setting: `environments.${environment}.domain`, message }];
};

/** The same, once the servers are known. */
export const delegationText = ({ name, servers }: { name: string; servers: string[] }): string =>
  `delegate ${name} now, in the zone of ${parentOf(name)}: NS records ${servers.join(", ")}; the certificates wait for it`;
