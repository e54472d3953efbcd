import { expect, test } from "vitest";
import { deployRelease } from "../../src/app/deploy.ts";
import { finishDeployment } from "../../src/app/resume.ts";
import { AppError } from "../../src/domain/errors.ts";
import { readState } from "../../src/engine/read-log.ts";
import type { Store } from "../../src/ports/store.ts";
import { memoryContext } from "../helpers/long-log.ts";
import { makeMemoryStore } from "../helpers/memory-store.ts";
import { shopRelease } from "../helpers/shop.ts";

const request = {
  environment: "rolling",
  reason: null,
  wait: false,
  report: () => undefined,
  signal: new AbortController().signal,
};

/** A store that answers nothing to the entry that ends a deployment, and carries it out right before the next one. */
const lateStore = (): Store => {
  const store = makeMemoryStore();
  let late: (() => Promise<unknown>) | null = null;
  return {
    ...store,
    create: async (key, bytes) => {
      if (late === null && new TextDecoder().decode(bytes).includes('"deployment-ended"')) {
        late = () => store.create(key, bytes);
        throw new AppError("STORE_UNREACHABLE", "no answer");
      }
      await late?.();
      return store.create(key, bytes);
    },
  };
};

test("an end that the store carries out late fences nobody: whoever takes over finds that it has ended", async () => {
  const context = memoryContext(lateStore());
  const release = shopRelease("a", ["0001"]);
  await expect(
    deployRelease(context, { ...request, action: "deploy", release, binding: null }),
  ).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  expect((await readState(context.store, "rolling")).open?.id).toBe("d-0001");
  await expect(finishDeployment(context, { ...request, how: "resume" })).rejects.toMatchObject({
    code: "NOTHING_TO_RESUME",
  });
  const { open, recent } = await readState(context.store, "rolling");
  expect([open, recent[0]?.outcome]).toEqual([null, "succeeded"]);
  const again = await deployRelease(context, { ...request, action: "deploy", release, binding: null });
  expect(again.outcome).toBe("succeeded");
});
