import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { meansPage } from "../../src/domain/site-path.ts";

const template = readFileSync("terraform/modules/site/functions/page.js.tftpl", "utf8");
const PAGE = "text/html,application/xhtml+xml";

/** What CloudFront asks S3 for, by the function as Terraform renders it. */
const asked = (uri: string, { base = "", page = "/index.html" as string | null, accept = PAGE } = {}) => {
  const code = template
    .replace("${jsonencode(base)}", JSON.stringify(base))
    .replace("${jsonencode(page)}", JSON.stringify(page));
  const context: Record<string, unknown> = {
    event: { request: { uri, headers: accept === "" ? {} : { accept: { value: accept } } } },
  };
  return runInNewContext(`${code}; handler(event).uri`, context) as string;
};

describe("the function of the distribution", () => {
  test("every path of a client-side router is the one page", () => {
    for (const uri of ["/", "/rides", "/rides/42", "/rides/", "/users/john.doe"])
      expect(asked(uri)).toBe("/index.html");
  });

  test("what means a file stays a file, so that a missing one is a 404", () => {
    for (const uri of [
      "/assets/app-DiwrgTda.js",
      "/assets/none",
      "/favicon.ico",
      "/config.json",
      "/about.html",
    ])
      expect(asked(uri)).toBe(uri);
    expect(asked("/users/john.doe", { accept: "*/*" })).toBe("/users/john.doe");
    expect(asked("/users/john.doe", { accept: "" })).toBe("/users/john.doe");
  });

  test("a site in a folder is asked for without the folder", () => {
    const admin = { base: "/admin", page: "/app.html" };
    expect(asked("/admin", admin)).toBe("/app.html");
    expect(asked("/admin/people", admin)).toBe("/app.html");
    expect(asked("/admin/assets/a.js", admin)).toBe("/assets/a.js");
  });

  test("a bucket never answers with a page", () => {
    expect(asked("/uploads/photo", { base: "/uploads", page: null })).toBe("/photo");
  });

  test("a path means a page here exactly when it does so on the local platform", () => {
    const endings = ["", ".js", ".css", ".png", ".svg", ".woff2", ".pdf", ".mp4", ".wasm", ".doe", ".v2"];
    for (const accept of [PAGE, "*/*"])
      for (const ending of endings)
        for (const path of [`rides${ending}`, `a/b${ending}`, `assets/x${ending}`])
          expect([path, asked(`/${path}`, { accept }) === "/index.html"]).toEqual([
            path,
            meansPage(path, accept),
          ]);
  });
});
