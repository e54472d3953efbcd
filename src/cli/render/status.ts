import type { EnvironmentStatus } from "../../domain/environment-status.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { formatAge } from "./duration.ts";
import { displayWidth } from "./text-width.ts";
import type { Look } from "./look.ts";
import { table } from "./table.ts";

/**
 * A column for each environment, and below what needs a person: open deployments, locks, drift, problems. Where the
 * columns do not fit, one environment stands below the other.
 */
export const renderStatus = (
  look: Look,
  found: EnvironmentStatus[],
  options: { nowMs: number },
): string[] => {
  const rows = tableOf(look, found, options);
  const fits = found.length < 2 || rows.every((line) => displayWidth(line) <= look.columns);
  const tables = fits
    ? rows
    : found.flatMap((one, index) => [...(index === 0 ? [] : [""]), ...tableOf(look, [one], options)]);
  return [...tables, ...found.flatMap((one) => words(look, one))];
};

const tableOf = (look: Look, found: EnvironmentStatus[], { nowMs }: { nowMs: number }): string[] => {
  const services = [...new Set(found.flatMap((one) => (one.services ?? []).map(({ name }) => name)))];
  const sites = [...new Set(found.flatMap((one) => one.sites))];
  const row = (label: string, cell: (one: EnvironmentStatus) => string): string[] => [
    label,
    ...found.map(cell),
  ];
  const rows = [
    row("release", ({ release }) => (release === null ? "–" : shortReleaseId(release))),
    row("since", (one) => sinceText(one, nowMs)),
    ...services.map((name) => row(name, (one) => serviceText(one, name))),
    ...sites.map((name) => row(name, (one) => siteText(one, name))),
    row("database", ({ database }) => database ?? "–"),
    row("way back", ({ wayBack }) => (wayBack === null ? "–" : shortReleaseId(wayBack))),
    row("drift", ({ drift, services: known }) =>
      known === null ? "–" : drift.length === 0 ? "none" : String(drift.length),
    ),
  ];
  return table(look, ["", ...found.map(({ environment }) => environment)], rows);
};

const sinceText = ({ since, actor }: EnvironmentStatus, nowMs: number): string =>
  since === null ? "–" : `${formatAge(Math.max(0, nowMs - Date.parse(since)))} (${actor ?? ""})`;

/** Deployed, and its platform does not run or does not answer. */
const isDown = ({ release, services }: EnvironmentStatus): boolean => release !== null && services === null;

const siteText = (one: EnvironmentStatus, name: string): string => {
  if (!one.sites.includes(name)) return "–";
  return isDown(one) ? "not running" : "served";
};

const serviceText = ({ release, services }: EnvironmentStatus, name: string): string => {
  const service = services?.find((one) => one.name === name);
  if (service === undefined) return services === null && release !== null ? "not running" : "–";
  const p95 = service.p95Ms === null ? "" : ` · p95 ${Math.round(service.p95Ms)} ms`;
  const { candidate } = service;
  const next = candidate === null ? "" : ` + ${candidate.healthy} new, ${candidate.percent} % of traffic`;
  return `${service.healthy}/${service.wanted}${next}${p95}`;
};

const words = (look: Look, one: EnvironmentStatus): string[] => {
  const { colours } = look;
  const lines = [
    ...(isDown(one) && one.platform === "local"
      ? [
          colours.yellow("not running: nobody is answered"),
          `next  switchback deploy ${one.environment}   or   switchback up`,
        ]
      : []),
    ...(one.open === null ? [] : [colours.yellow(one.open.text)]),
    ...(one.open === null || one.open.running
      ? []
      : [`next  switchback resume ${one.environment}   or   switchback abort ${one.environment}`]),
    ...(one.lock === null ? [] : [colours.yellow(`locked by ${one.lock.actor}: ${one.lock.why}`)]),
    ...(one.hold === null
      ? []
      : [`rolled back by ${one.hold.actor}: --automated deployments wait for switchback unlock`]),
    ...one.drift.map((text) => colours.yellow(`drift: ${text}`)),
    ...one.problems.map((text) => colours.red(text)),
    ...one.urls.slice(0, 1),
  ];
  return lines.length === 0
    ? []
    : ["", ...lines.map((line, index) => (index === 0 ? `${one.environment}: ${line}` : `  ${line}`))];
};
