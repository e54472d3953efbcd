import { afterEach, beforeEach, expect, test } from "vitest";
import { context, makeLocalProject, type LocalProject } from "../../../../test/helpers/local-project.ts";
import { until } from "../../../../test/helpers/system-clock.ts";
import type { Platform } from "../../../ports/platform.ts";
import { callSupervisor } from "../client.ts";

let project: LocalProject;
let platform: Platform;
const { signal } = new AbortController();

beforeEach(async () => {
  project = makeLocalProject();
  await project.start();
  platform = project.platform();
});
afterEach(() => project.remove());

const instances = async () => (await project.info()).environments.flatMap((one) => one.instances);
const hanging = () => project.revision({ env: { HANG: "yes" } });

test("a deployer that takes over ends the effect under way, and sees what is so afterwards", async () => {
  const slow = await hanging();
  await platform.stageRevision(slow, context());
  const effect = platform.setInstances("api", { [slow.revision]: 2 }, context());
  effect.catch(() => undefined);
  await until(async () => (await instances()).filter(({ pid }) => pid !== null).length === 2);
  const observed = await platform.observe({ signal, epoch: 2 });
  expect(observed.services["api"]?.revisions[slow.revision]).toMatchObject({ wanted: 0, healthy: 0 });
  expect(await instances()).toEqual([]);
  await expect(effect).rejects.toMatchObject({ code: "FENCED" });
});

test("effects of the earlier deployer are refused, also after a restart of the supervisor", async () => {
  const v1 = await project.revision();
  await platform.stageRevision(v1, context());
  await platform.observe({ signal, epoch: 7 });
  const early = () => platform.setInstances("api", { [v1.revision]: 1 }, context({ epoch: 6 }));
  await expect(early()).rejects.toMatchObject({ code: "FENCED", context: { highest: 7 } });
  await project.stop();
  await project.start();
  await expect(early()).rejects.toMatchObject({ code: "FENCED", context: { highest: 7 } });
  await expect(platform.observe({ signal, epoch: 6 })).rejects.toMatchObject({ code: "FENCED" });
  expect(await instances()).toEqual([]);
});

test("an effect goes on to its end when its client goes away", async () => {
  const v1 = await project.revision();
  await platform.stageRevision(v1, context());
  const leaving = new AbortController();
  const asked = callSupervisor(project.socketPath, {
    path: "/v1/environments/development/effects/set-instances",
    body: {
      id: "x",
      epoch: 1,
      deployment: "d-0001",
      input: { service: "api", counts: { [v1.revision]: 1 } },
    },
    signal: leaving.signal,
  });
  asked.catch(() => undefined);
  await until(async () => (await instances()).length === 1);
  leaving.abort(new Error("gone"));
  await expect(asked).rejects.toThrow("gone");
  await until(async () => {
    const { services } = await platform.observe({ signal });
    return services["api"]?.revisions[v1.revision]?.wanted === 1;
  });
});

test("a cancelled effect answers when nothing of it runs any more", async () => {
  const slow = await hanging();
  await platform.stageRevision(slow, context());
  const controller = new AbortController();
  const effect = platform.setInstances("api", { [slow.revision]: 1 }, context({ signal: controller.signal }));
  effect.catch(() => undefined);
  await until(async () => (await instances()).length === 1);
  controller.abort();
  await expect(effect).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(await instances()).toEqual([]);
});

test("an effect that is cancelled before it arrives does not act", async () => {
  const v1 = await project.revision();
  await platform.stageRevision(v1, context());
  await callSupervisor(project.socketPath, { path: "/v1/cancel", body: { id: "early" } });
  const asked = callSupervisor(project.socketPath, {
    path: "/v1/environments/development/effects/set-instances",
    body: {
      id: "early",
      epoch: 1,
      deployment: "d-0001",
      input: { service: "api", counts: { [v1.revision]: 1 } },
    },
  });
  await expect(asked).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(await instances()).toEqual([]);
});

test("requests that make no sense are refused with a word", async () => {
  const ask = (path: string, body: unknown) => callSupervisor(project.socketPath, { path, body });
  const effects = "/v1/environments/development/effects";
  const input = { service: "api", counts: { "../../x": 1 } };
  const request = { id: "x", epoch: 1, deployment: "d-1", input };
  for (const [path, body] of [
    ["/v1/environments/..%2Fx/observe", {}],
    ["/v1/environments/development/observe", { epoch: -1 }],
    [`${effects}/set-instances`, request],
    [`${effects}/constructor`, request],
    ["/v2/info", {}],
  ] as const)
    await expect(ask(path, body)).rejects.toMatchObject({ code: "USAGE" });
});
