import { DEFAULTS } from "../defaults.ts";
import { nearest } from "../nearest.ts";
import { describeValue, type Path, type Problem } from "../problem.ts";
import { environmentsOf, isIncomplete, problem, servicesOf, sitesOf, type Rule } from "./draft.ts";

/** There is something to release. */
export const somethingToRelease: Rule = ({ names, wrong }) =>
  names.services?.length === 0 && names.sites?.length === 0 && wrong.every((path) => path[0] === "name")
    ? [
        problem({
          path: [],
          found: "no service and no site",
          message: "has nothing to release: give it a service or a site",
          anchor: "app",
        }),
      ]
    : [];

/** A service and a site share folders, addresses and reports: one name, one thing. */
export const namesOnce: Rule = ({ names }) =>
  (names.sites ?? [])
    .filter((name) => names.services?.includes(name) === true)
    .map((name) =>
      problem({
        path: ["sites", name],
        found: `the name ${name}`,
        message: `has the name of a service: services.${name}`,
        anchor: "site",
      }),
    );

/** Every object has a member of this name already, so that a look-up by it would find what nobody configured. */
export const namesUsable: Rule = ({ config, names }) => {
  const buckets = Array.isArray(config.buckets) ? config.buckets : Object.keys(config.buckets ?? {});
  const groups = { ...names, buckets };
  return Object.entries(groups).flatMap(([group, members]) =>
    (members ?? [])
      .filter((name) => name === "constructor")
      .map((name) =>
        problem({
          path: [group, name],
          found: `the name ${name}`,
          message: "is reserved: choose another name",
          anchor: "app",
        }),
      ),
  );
};

export const bucketsOnce: Rule = ({ config }) =>
  (Array.isArray(config.buckets) ? config.buckets : []).flatMap((name, index, all) =>
    all.indexOf(name) === index
      ? []
      : [
          problem({
            path: ["buckets", index],
            found: name,
            message: `is in the list twice: ${name}`,
            anchor: "buckets",
          }),
        ],
  );

/** The longest route that fits wins, so two equal ones would leave one of them without requests. */
export const routesOnce: Rule = (draft) => {
  const owners = new Map<string, string>();
  const routes: [Path, string | undefined, string][] = [
    ...servicesOf(draft).map(([name, { route }]): [Path, string | undefined, string] => [
      ["services", name],
      route,
      "service",
    ]),
    // A site without a route takes the default one, and can collide by it.
    ...sitesOf(draft).map(([name, { route }]): [Path, string | undefined, string] => [
      ["sites", name],
      route ?? (isIncomplete(draft, ["sites", name]) ? undefined : DEFAULTS.site.route),
      "site",
    ]),
  ];
  return routes.flatMap(([path, route, anchor]): Problem[] => {
    if (route === undefined) return [];
    const owner = owners.get(route);
    if (owner === undefined) {
      owners.set(route, path.join("."));
      return [];
    }
    const message = `is ${describeValue(route)}, which ${owner} has already`;
    return [problem({ path: [...path, "route"], found: describeValue(route), message, anchor })];
  });
};

export const migrationsService: Rule = ({ config, names }) => {
  const database = typeof config.database === "object" ? config.database : undefined;
  const service = database?.migrations?.service;
  if (service === undefined || names.services === null || names.services.includes(service)) return [];
  return [
    problem({
      path: ["database", "migrations", "service"],
      found: describeValue(service),
      message: `is ${describeValue(service)}, which is not a service of this app`,
      allowed: names.services,
      didYouMean: nearest(service, names.services),
      anchor: "migrations",
    }),
  ];
};

/** Promotion goes along `promotesFrom`, so it has to begin somewhere. */
export const promotions: Rule = (draft) => {
  const known = draft.names.environments;
  if (known === null) return [];
  const from = new Map(environmentsOf(draft).map(([name, { promotesFrom }]) => [name, promotesFrom]));
  return [...from].flatMap(([name, source]): Problem[] => {
    if (source === undefined) return [];
    const base = {
      path: ["environments", name, "promotesFrom"],
      found: describeValue(source),
      anchor: "environment",
    };
    if (!known.includes(source)) {
      const message = `is ${describeValue(source)}, which is not an environment of this app`;
      return [problem({ ...base, message, allowed: known, didYouMean: nearest(source, known) })];
    }
    const round = roundTrip(name, from);
    return round === null
      ? []
      : [problem({ ...base, message: `leads back to itself: ${round.join(" ← ")}` })];
  });
};

const roundTrip = (start: string, from: Map<string, string | undefined>): string[] | null => {
  const seen = [start];
  for (let at = from.get(start); at !== undefined; at = from.get(at)) {
    if (at === start) return [...seen, start];
    if (seen.includes(at)) return null;
    seen.push(at);
  }
  return null;
};
