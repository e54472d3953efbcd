import { count } from "../../domain/count.ts";
import { AppError } from "../../domain/errors.ts";
import { notYet, step } from "./step.ts";

/** Every tree of the release is in the store with its manifest whole, and every site has its fallback page. */
export const checkArtefacts = step({
  kind: "check-artefacts",
  effect: "reads",
  observe: notYet,
  run: async (action, { artefacts }) => {
    await Promise.all(action.trees.map((tree) => artefacts.readTree(tree)));
    for (const { site, tree, fallback } of action.sites) {
      const { entries } = await artefacts.readTree(tree);
      if (entries[fallback] === undefined)
        throw new AppError("SITE_INCOMPLETE", `The build of site ${site} has no ${fallback}.`, {
          hint: `check what its build command puts into the site's dist folder, or set sites.${site}.fallback`,
          context: { site, fallback, files: Object.keys(entries).length },
        });
    }
    return { trees: action.trees.length };
  },
  detail: (action) => `${count(action.trees.length, "artefact")} whole`,
});

/** Every secret that a service names has a version, and that version can be read. */
export const checkSecrets = step({
  kind: "check-secrets",
  effect: "reads",
  observe: notYet,
  run: async (action, { platform }, { signal }) => {
    for (const [service, { wanted, bound }] of Object.entries(action.services)) {
      const absent = wanted.filter((name) => bound[name] === undefined);
      const unreadable = await platform.unreadableSecrets(bound, { signal });
      const missing = [...absent, ...unreadable];
      if (missing.length > 0)
        throw new AppError(
          "SECRET_MISSING",
          `Service ${service} needs ${missing.join(", ")}, which has no value here.`,
          {
            hint: `switchback secret set ENVIRONMENT ${missing[0]}`,
            context: { service, secrets: missing },
          },
        );
    }
    return null;
  },
  detail: (action) => {
    const secrets = Object.values(action.services).reduce((sum, { wanted }) => sum + wanted.length, 0);
    return secrets === 0 ? "no secrets needed" : `${count(secrets, "secret")} readable`;
  },
});
