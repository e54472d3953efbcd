import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import { releaseIdOf, type Release, type ReleaseService } from "./release.ts";
import { diffReleases } from "./release-diff.ts";

const service = (changes: Partial<ReleaseService> = {}): ReleaseService => ({
  kind: "web",
  tree: "t1",
  command: "node main.js",
  route: "/*",
  port: 8080,
  health: { path: "/", intervalMs: 1, timeoutMs: 1, healthyAfter: 1, unhealthyAfter: 1, startMs: 1 },
  stopMs: 1,
  env: ["LOG"],
  secrets: { TOKEN: { generate: true } },
  ...changes,
});

const release = (changes: Partial<Release> = {}): Release => {
  const inputs = changes.inputs ?? { "service:api:sources": "1" };
  return {
    format: 1,
    id: releaseIdOf(inputs),
    app: "shop",
    inputs,
    services: { api: service() },
    sites: { web: { tree: "s1", route: "/*", fallback: "index.html" } },
    database: { engine: "postgresql", version: 18 },
    migrations: {
      service: "api",
      folder: "m",
      up: "up",
      down: null,
      status: "status",
      names: ["001", "002"],
    },
    cache: false,
    buckets: ["photos"],
    source: { commit: null, branch: null, subject: null, dirty: false },
    createdAt: "2026-01-01T00:00:00.000Z",
    ...changes,
  };
};

const file = (sha256: string, executable = false): TreeEntry => ({
  type: "file",
  sha256,
  bytes: 1,
  executable,
});
const tree = (entries: Record<string, TreeEntry>): FileTree => ({ format: 1, entries });
const nothing = { added: [], removed: [], changed: [] };

describe("what differs between two releases", () => {
  test("nothing, when only the time and the source of the build do", () => {
    const later = release({
      createdAt: "2027-01-01T00:00:00.000Z",
      source: { commit: "c", branch: "b", subject: "s", dirty: true },
    });
    expect(diffReleases(release(), later, new Map())).toEqual({
      same: true,
      inputs: nothing,
      services: { api: { change: "unchanged" } },
      sites: { web: { change: "unchanged" } },
      migrations: { added: [], removed: [], definition: [] },
      configuration: {},
      backing: [],
    });
  });

  test("inputs tell the cause", () => {
    const a = release({
      inputs: { "service:api:sources": "1", "service:api:lockfile": "1", "site:old:sources": "1" },
    });
    const b = release({
      inputs: { "service:api:sources": "2", "service:api:lockfile": "1", "site:new:sources": "1" },
    });
    const { same, inputs } = diffReleases(a, b, new Map());
    expect(same).toBe(false);
    expect(inputs).toEqual({
      added: ["site:new:sources"],
      removed: ["site:old:sources"],
      changed: ["service:api:sources"],
    });
  });

  test("files are listed by path: a content, an executable bit and a kind are changes", () => {
    const trees = new Map([
      ["t1", tree({ gone: file("1"), same: file("1"), content: file("1"), bit: file("1"), kind: file("1") })],
      [
        "t2",
        tree({
          same: file("1"),
          content: file("2"),
          bit: file("1", true),
          kind: { type: "link", target: "same" },
          new: file("1"),
        }),
      ],
    ]);
    const { services } = diffReleases(
      release(),
      release({ services: { api: service({ tree: "t2" }) } }),
      trees,
    );
    expect(services["api"]).toEqual({
      change: "changed",
      files: { added: ["new"], removed: ["gone"], changed: ["bit", "content", "kind"] },
      filesUnknown: false,
      definition: [],
    });
  });

  test("a manifest that is not at hand leaves the files unknown, not unchanged", () => {
    const b = release({ sites: { web: { tree: "s2", route: "/*", fallback: "index.html" } } });
    const { sites } = diffReleases(release(), b, new Map([["s1", tree({})]]));
    expect(sites["web"]).toEqual({ change: "changed", files: null, filesUnknown: true, definition: [] });
  });

  test("a definition is told by its members, with no files when the artefact is the same", () => {
    const health = { ...service().health, path: "/ready" };
    const b = release({ services: { api: service({ command: "node other.js", health }) } });
    expect(diffReleases(release(), b, new Map()).services["api"]).toEqual({
      change: "changed",
      files: null,
      filesUnknown: false,
      definition: ["command", "health"],
    });
  });

  test("parts come and go, their configuration with them", () => {
    const b = release({
      services: { jobs: service({ kind: "worker", route: null, env: ["QUEUE"], secrets: {} }) },
      sites: {},
    });
    const diff = diffReleases(release(), b, new Map());
    expect(diff.services).toEqual({ api: { change: "removed" }, jobs: { change: "added" } });
    expect(diff.sites).toEqual({ web: { change: "removed" } });
    expect(diff.configuration).toEqual({
      api: { env: { added: [], removed: ["LOG"] }, secrets: { added: [], removed: ["TOKEN"], changed: [] } },
      jobs: { env: { added: ["QUEUE"], removed: [] }, secrets: nothing },
    });
  });

  test("names of settings and secrets that a service gains, loses or makes differently", () => {
    const b = release({
      services: {
        api: service({ env: ["MODE"], secrets: { TOKEN: { generate: false }, KEY: { generate: true } } }),
      },
    });
    const diff = diffReleases(release(), b, new Map());
    expect(diff.configuration["api"]).toEqual({
      env: { added: ["MODE"], removed: ["LOG"] },
      secrets: { added: ["KEY"], removed: [], changed: ["TOKEN"] },
    });
    expect(diff.services["api"]).toMatchObject({ change: "changed", definition: [] });
  });

  test("migrations are told in the order in which they run, and apart from their commands", () => {
    const migrations = release().migrations!;
    const b = release({ migrations: { ...migrations, down: "down {to}", names: ["002", "010", "003"] } });
    expect(diffReleases(release(), b, new Map()).migrations).toEqual({
      added: ["010", "003"],
      removed: ["001"],
      definition: ["down"],
    });
    expect(diffReleases(b, release({ migrations: null }), new Map()).migrations).toMatchObject({
      added: [],
      removed: ["002", "010", "003"],
    });
  });

  test("database, cache and buckets", () => {
    const b = release({ database: null, cache: true, buckets: [] });
    expect(diffReleases(release(), b, new Map()).backing).toEqual(["database", "cache", "buckets"]);
  });

  test("names that every object has are names like any other", () => {
    const odd = (path: string) =>
      tree(JSON.parse(`{${JSON.stringify(path)}:{"type":"folder"}}`) as Record<string, TreeEntry>);
    const trees = new Map([
      ["t1", odd("constructor")],
      ["t2", odd("__proto__")],
    ]);
    const { services } = diffReleases(
      release(),
      release({ services: { api: service({ tree: "t2" }) } }),
      trees,
    );
    expect(services["api"]).toMatchObject({
      files: { added: ["__proto__"], removed: ["constructor"], changed: [] },
    });
  });

  test("seen from the other side, what was added is removed", () => {
    const entries = fc.dictionary(
      fc.string({ maxLength: 3 }),
      fc.constantFrom(file("1"), file("2"), file("1", true)),
    );
    const turned = ({
      added,
      removed,
      changed,
    }: {
      added: string[];
      removed: string[];
      changed: string[];
    }) => ({ added: removed, removed: added, changed });
    fc.assert(
      fc.property(entries, entries, (one, two) => {
        const trees = new Map([
          ["t1", tree(one)],
          ["t2", tree(two)],
        ]);
        const b = release({ services: { api: service({ tree: "t2" }) } });
        const [there, back] = [
          diffReleases(release(), b, trees).services["api"],
          diffReleases(b, release(), trees).services["api"],
        ];
        if (there?.change !== "changed" || back?.change !== "changed")
          throw new Error("two trees, no change");
        expect(back.files).toEqual(turned(there.files!));
        const { added, removed, changed } = there.files!;
        expect([...Object.keys(one), ...added].filter((path) => !removed.includes(path)).sort()).toEqual(
          Object.keys(two).sort(),
        );
        expect(changed.every((path) => path in one && path in two)).toBe(true);
      }),
    );
  });
});
