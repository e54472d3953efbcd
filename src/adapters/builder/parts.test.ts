import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AppDefinition } from "../../domain/app-definition.ts";
import { app, builder, home, project, service, site, useTestbed, write } from "./testbed.ts";

useTestbed();

describe("paths of the configuration stay inside", () => {
  const refused: [string, AppDefinition][] = [
    ["a service's path above the project", app({ services: { api: service({ path: "../other" }) } })],
    ["an absolute path", app({ services: { api: service({ path: "/etc" }) } })],
    ["a path that goes out in its middle", app({ services: { api: service({ path: "api/../../other" }) } })],
    ["a linked folder outside", app({ services: { api: service({ path: "linked" }) } })],
    ["a folder below a linked one", app({ services: { api: service({ path: "linked/inner" }) } })],
    ["files above", app({ services: { api: service({ files: ["../**"] }) } })],
    ["files above, in braces", app({ services: { api: service({ files: ["{..,api}/**"] }) } })],
    ["files that are taken away above", app({ services: { api: service({ files: ["**", "!../x"] }) } })],
    ["absolute files", app({ services: { api: service({ files: ["/etc/**"] }) } })],
    ["inputs above", app({ services: { api: service({ inputs: ["shared/../../x"] }) } })],
    [
      "a site's dist above",
      app({ services: {}, sites: { web: site({ path: "api", dist: "../../other" }) } }),
    ],
    ["a linked dist outside", app({ services: {}, sites: { web: site({ path: "api", dist: "out" }) } })],
  ];
  test.each(refused)("%s is refused", async (_, wanted) => {
    mkdirSync(join(home, "other/inner"), { recursive: true });
    writeFileSync(join(home, "other/inner/x"), "x");
    write("api/main.js");
    symlinkSync(join(home, "other"), join(project, "linked"));
    symlinkSync("../../other", join(project, "api/out"));
    await expect(builder().inputs(wanted)).rejects.toMatchObject({ code: "PATH_ESCAPES" });
  });

  test("a folder that is not there is named", async () => {
    await expect(builder().inputs(app())).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      context: { setting: "services.api.path" },
    });
  });

  test("names with two dots in them are not a way out", async () => {
    write("api/..data/main..js");
    const wanted = app({ services: { api: service({ files: ["..data/**"] }) } });
    await expect(builder().inputs(wanted)).resolves.toMatchObject({ id: expect.any(String) as string });
  });
});
