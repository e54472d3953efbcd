import { join } from "node:path";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { checkGlobs, folderInside, realInside } from "./project-path.ts";

/** A service or a site, with its paths made real and checked to stay inside the project. */
export interface Part {
  /** `service:api`, `site:frontend`: begins the keys of its inputs. */
  key: string;
  folder: string;
  build: string | null;
  inputs: string[];
  output: { type: "files"; globs: string[] } | { type: "folder"; path: string; setting: string };
}

/** Throws PATH_ESCAPES or CONFIG_INVALID for the first path of the configuration that cannot be used. */
export const partsOf = (app: AppDefinition, projectDir: string): Part[] => {
  const parts: Part[] = [];
  for (const [name, service] of Object.entries(app.services)) {
    const setting = `services.${name}`;
    checkGlobs(service.inputs, `${setting}.inputs`);
    checkGlobs(service.files, `${setting}.files`);
    parts.push({
      key: `service:${name}`,
      folder: folderInside(projectDir, service.path, `${setting}.path`),
      build: service.build,
      inputs: service.inputs,
      output: { type: "files", globs: service.files },
    });
  }
  for (const [name, site] of Object.entries(app.sites)) {
    const setting = `sites.${name}`;
    checkGlobs(site.inputs, `${setting}.inputs`);
    const folder = folderInside(projectDir, site.path, `${setting}.path`);
    realInside(folder, site.dist, `${setting}.dist`);
    parts.push({
      key: `site:${name}`,
      folder,
      build: site.build,
      inputs: site.inputs,
      output: {
        type: "folder",
        path: join(folder, site.dist).replace(/\/$/, ""),
        setting: `${setting}.dist`,
      },
    });
  }
  return parts;
};
