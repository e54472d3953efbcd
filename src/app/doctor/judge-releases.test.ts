import { expect, test } from "vitest";
import { sha256 } from "../../domain/digest.ts";
import { judgeReleases } from "./judge-releases.ts";
import type { ArtefactFact, ReleaseFacts } from "./look-at-releases.ts";

const release = sha256("release");
const lost: ArtefactFact = {
  kind: "file",
  digest: sha256("file"),
  state: "missing",
  places: [{ tree: sha256("tree"), path: "server.js" }],
  releases: [release],
  from: null,
};
const facts: ReleaseFacts = {
  shared: false,
  records: [{ id: release, state: "whole", copy: false, error: null }],
  trees: 1,
  files: 1,
  lost: [lost],
};
const stateOf = (change: Partial<ArtefactFact>, shared = false) =>
  judgeReleases({ ...facts, shared, lost: [{ ...lost, ...change }] }, []).find(
    ({ check }) => check === "file",
  )!.state;

test("a file that is lost for good is unknown; one whose bytes lie elsewhere can be put back", () => {
  expect(stateOf({})).toBe("unknown");
  expect(stateOf({ from: "/project/api/server.js" })).toBe("wrong");
  expect(stateOf({ releases: [] })).toBe("notice");
  expect(stateOf({ state: "unreadable" })).toBe("wrong");
});

test("with a store that machines share, what another one built is not held to be lost; damage is", () => {
  expect(stateOf({}, true)).toBe("notice");
  expect(stateOf({ state: "damaged" }, true)).toBe("unknown");
});
