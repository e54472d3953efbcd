import type { AppDefinition } from "../domain/app-definition.ts";
import { blocksOverlap } from "../domain/cidr.ts";
import { fargateSize } from "../domain/fargate-size.ts";
import { cutNames } from "./aws-names.ts";
import { awsPlaceOf } from "./check-infra.ts";
import { MOST_STOP_SECONDS, sizedService, stopSeconds } from "./service-variables.ts";

/** What a person should know before a plan: nothing is wrong, and something is not as it was written. */
export interface InfraNote {
  /** As one would write it: `services.api.memory`. */
  setting: string;
  /** Completes the setting to a sentence. */
  message: string;
}

/** Where AWS gets something else than the configuration says, and where networks share addresses. Pure. */
export const notesFor = (app: AppDefinition, environment: string): InfraNote[] => [
  ...Object.keys(app.services).flatMap((name) => serviceNotes(app, environment, name)),
  ...overlapNotes(app, environment),
  ...cutNames(app, environment).map((name) => ({
    setting: `environments.${environment}`,
    message:
      `makes the name "${name}", ${name.length} characters; load balancers and target groups have at most 32, ` +
      "so this one is cut and ends with a hash",
  })),
];

const serviceNotes = (app: AppDefinition, environment: string, name: string): InfraNote[] => {
  const service = sizedService(app, awsPlaceOf(app, environment).definition, name);
  const size = fargateSize(service);
  const seconds = service.stopMs / 1000;
  return [
    ...(size === null || (size.cpu === service.cpu && size.memoryMb === service.memoryMb)
      ? []
      : [
          {
            setting: `services.${name}`,
            message: `is made with ${sizeText(size)}, the smallest on Fargate with ` + `${sizeText(service)}`,
          },
        ]),
    ...(seconds <= MOST_STOP_SECONDS
      ? []
      : [
          {
            setting: `services.${name}.stop`,
            message: `is cut to ${stopSeconds(service)} s: Fargate waits no longer`,
          },
        ]),
  ];
};

const sizeText = ({ cpu, memoryMb }: { cpu: number; memoryMb: number }): string =>
  `${cpu} CPU units and ${memoryMb} MB`;

/** Such networks work, each by itself; they can never be joined by peering, a gateway or a VPN. */
const overlapNotes = (app: AppDefinition, environment: string): InfraNote[] => {
  const { aws } = awsPlaceOf(app, environment);
  if (aws.existing.vpc !== null || aws.account === null) return [];
  return Object.entries(app.environments).flatMap(([name, other]): InfraNote[] => {
    if (name === environment || other.aws === null || other.aws.existing.vpc !== null) return [];
    if (other.aws.account !== aws.account || !blocksOverlap(aws.network.cidr, other.aws.network.cidr))
      return [];
    return [
      {
        setting: `environments.${environment}.aws.network.cidr`,
        message:
          `is ${aws.network.cidr}, and ${name} has ${other.aws.network.cidr}: the two networks share addresses and can ` +
          "never be joined. It is hard to change later",
      },
    ];
  });
};
