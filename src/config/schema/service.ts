import { z } from "zod";
import { DEFAULTS } from "../defaults.ts";
import * as is from "./leaves.ts";
import { optional, part, required } from "./setting.ts";

const of = DEFAULTS.service;

export const instances = is.whole({ min: 1, max: 1000 });
export const maxInstances = is.whole({ min: 1, max: 1000 });
export const scaleAtCpu = is.cpuLoad;
export const cpu = is.whole({ min: 64, max: 16_384, unit: "CPU units" });

const health = part(
  {
    anchor: "health",
    title: "Health",
    intro:
      "An instance takes traffic once it has passed, and none while it fails. The defaults make a local deployment quick.",
  },
  {
    path: optional(is.urlPath, "Asked with GET; any status from 200 to 299 passes.", {
      fallback: DEFAULTS.health.path,
    }),
    interval: optional(is.duration({ min: "50ms", max: "5m" }), "Time between two checks of an instance.", {
      fallback: DEFAULTS.health.interval,
    }),
    timeout: optional(is.duration({ min: "10ms", max: "2m" }), "A check that takes longer has failed.", {
      fallback: DEFAULTS.health.timeout,
    }),
    healthyAfter: optional(
      is.whole({ min: 1, max: 10 }),
      "Passes in a row until an instance takes traffic.",
      {
        fallback: DEFAULTS.health.healthyAfter,
      },
    ),
    unhealthyAfter: optional(is.whole({ min: 1, max: 10 }), "Failures in a row until it no longer does.", {
      fallback: DEFAULTS.health.unhealthyAfter,
    }),
    start: optional(
      is.duration({ min: "1s", max: "1h" }),
      "How long a new instance may take to pass for the first time.",
      { fallback: DEFAULTS.health.start },
    ),
  },
);

const secret = part(
  {
    anchor: "secrets",
    title: "Secrets",
    intro:
      'A list of names, `["SESSION_SECRET"]`, or an object where a secret has settings of its own, `{ SESSION_SECRET: { generate: true } }`. Values are never in the configuration: each environment has its own.',
  },
  {
    generate: optional(
      is.flag,
      "On one machine, make a random value at first use instead of asking for one.",
      {
        fallback: DEFAULTS.secret.generate,
      },
    ),
  },
);

export const service = part(
  {
    anchor: "service",
    title: "Service",
    intro:
      "A member of `services`: a long-running process group. With a route it answers requests, without one it is a worker.",
  },
  {
    path: required(is.folder, "Source folder, relative to the project."),
    build: optional(is.command, "Shell command that is run in `path` before `files` are taken.", {
      defaultText: "nothing is built",
    }),
    files: optional(
      z.array(is.glob).min(1),
      "What the artefact holds: globs relative to `path`; those that begin with `!` take away.",
      { fallback: of.files },
    ),
    inputs: optional(
      z.array(is.glob),
      "Sources outside `path` that the build reads: globs relative to the project.",
      { fallback: of.inputs },
    ),
    command: required(
      is.command,
      "Command line that starts the service, run by a shell in the artefact's root.",
    ),
    route: optional(
      is.route,
      "Requests that the service answers: `/api/*`, `/*`, or one exact path. Without a route it is a worker.",
      { defaultText: "none: a worker" },
    ),
    port: optional(
      is.whole({ min: 1, max: 65_535 }),
      "The port inside the container on AWS. On one machine a free one is found. Read `PORT` in either case.",
      { fallback: of.port },
    ),
    health: optional(health, "How an instance shows that it may take traffic.", {
      defaultText: "see Health",
    }),
    cpu: optional(cpu, "CPU units of one instance; 1024 is one vCPU.", { fallback: of.cpu }),
    memory: optional(is.memory, "Memory of one instance; a process tree that outgrows it is stopped.", {
      fallback: of.memory,
    }),
    instances: optional(instances, "How many run side by side.", { fallback: of.instances }),
    maxInstances: optional(maxInstances, "On AWS, how many there may be when there is much to do.", {
      defaultText: "always `instances`",
    }),
    scaleAtCpu: optional(scaleAtCpu, "The mean CPU load that `maxInstances` is there to keep.", {
      fallback: of.scaleAtCpu,
    }),
    env: optional(is.env, "Environment variables, in the clear, the same in every environment.", {
      fallback: {},
    }),
    secrets: optional(
      z.union([z.array(is.envName), z.record(is.envName, secret)]),
      "Names of environment variables whose values are secret; each environment has its own values.",
      { fallback: [] },
    ),
    stop: optional(
      is.duration({ min: 0, max: "1h" }),
      "From SIGTERM to SIGKILL: the time that a request under way has to finish.",
      { fallback: of.stop },
    ),
  },
);
