import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, Tag } from "@aws-sdk/client-ecs";
import type { ServiceContract } from "../../../domain/contract.ts";
import { execForm } from "../../../domain/exec-form.ts";
import type { RevisionId, RevisionSpec } from "../../../domain/revision.ts";

/** What a task definition follows from. Equal requests give equal definitions, but for the tags. */
export interface TaskDefinitionRequest {
  spec: RevisionSpec;
  revision: RevisionId;
  environment: string;
  region: string;
  service: ServiceContract;
  /** By digest: `<repository>@sha256:<64 hex>`. */
  image: string;
  architecture: "X86_64" | "ARM64";
  /** Name of the container that takes the traffic. */
  container: string;
  /** Name → `valueFrom`, each with a version or a key of a secret that has a version. */
  secrets: Record<string, string>;
  /** Values that the infrastructure gives, such as BUCKET_UPLOADS_URL; the configuration's win. */
  backing: Record<string, string>;
  tags: Record<string, string>;
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * A Fargate task definition of one revision. Lists are sorted, so that two of the same revision compare equal. The
 * health of a web service is the load balancer's to judge; a worker is healthy while it runs.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export const renderTaskDefinition = (request: TaskDefinitionRequest): RegisterTaskDefinitionCommandInput => {
  const { spec, service, architecture } = request;
  return {
    family: service.family,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: String(spec.cpu),
    memory: String(spec.memoryMb),
    executionRoleArn: service.executionRole,
    taskRoleArn: service.taskRole,
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: architecture },
    containerDefinitions: [containerOf(request)],
    tags: tagsOf(request.tags),
  };
};

const containerOf = (request: TaskDefinitionRequest): ContainerDefinition => {
  const { spec, service, image, container, region } = request;
  // A tag may lead elsewhere tomorrow, and a rollback would start something that never served.
  if (!BY_DIGEST.test(image)) throw new Error(`${image} is not named by its digest`);
  return {
    name: container,
    image,
    essential: true,
    command: ["sh", "-c", execForm(spec.command).command],
    stopTimeout: Math.ceil(spec.stopMs / 1000),
    portMappings:
      service.port === null ? [] : [{ containerPort: service.port, hostPort: service.port, protocol: "tcp" }],
    environment: environmentOf(request),
    secrets: sorted(request.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": service.logGroup,
        "awslogs-region": region,
        // The stream's name begins with the revision: logs of one release can be told from another's.
        "awslogs-stream-prefix": request.revision,
        // A log that cannot be written must not stop what serves.
        mode: "non-blocking",
        "max-buffer-size": "4m",
      },
    },
  };
};

const environmentOf = ({ spec, service, revision, environment, backing }: TaskDefinitionRequest) =>
  sorted({
    NODE_ENV: "production",
    ...backing,
    ...spec.env,
    SWITCHBACK_ENVIRONMENT: environment,
    SWITCHBACK_SERVICE: spec.service,
    SWITCHBACK_REVISION: revision,
    ...(service.port === null ? {} : { PORT: String(service.port), HOST: "0.0.0.0" }),
  }).map(([name, value]) => ({ name, value }));

const sorted = (values: Record<string, string>): [string, string][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

const tagsOf = (tags: Record<string, string>): Tag[] => sorted(tags).map(([key, value]) => ({ key, value }));
