import { describe, expect, test } from "vitest";
import type { Call } from "../rig/call.ts";
import type { FaultRule } from "../rig/faults.ts";
import {
  BUCKET,
  connect,
  context,
  publisher,
  release,
  requestsOf,
  rig,
  served,
  specOf,
  startAnew,
  useSite,
  type Files,
} from "./site-testbed.ts";

useSite();

const first: Files = {
  "index.html": "<script src=/assets/app-Ab3dEf9h.js></script>",
  "about.html": "about 1",
  "assets/app-Ab3dEf9h.js": "app 1",
};
const second: Files = {
  "index.html": "<script src=/assets/app-Xy7zWv2q.js></script>",
  "news.html": "news 2",
  "assets/app-Xy7zWv2q.js": "app 2",
  "assets/more-Xy7zWv3r.js": "more 2",
};
const config = { "config.json": "{}" };
const both = async () => {
  const [one, two] = [await specOf(first), await specOf(second)];
  await publisher().stage(one, context("d-0001"));
  await publisher().switchTo(release(one), context("d-0001"));
  return { one, two };
};
const publishSecond = async (two: Awaited<ReturnType<typeof specOf>>, budget = {}) => {
  const run = publisher({ budget });
  await run.stage(two, context("d-0002"));
  await run.switchTo(release(two), context("d-0002"));
};
const isData = ({ service }: Call) => service === "s3" || service === "cloudfront";
const asked = (call: { path: string }) => call.path.slice(`/${BUCKET}/`.length);

describe("the order", () => {
  test("when the page arrives, all that it refers to was stored; and nothing of the site comes after it but deletions", async () => {
    const { two } = await both();
    rig.faults.add({
      action: "PutObject",
      when: (call) => call.path.endsWith("Xy7zWv3r.js"),
      fate: { type: "slow", ms: 300 },
    });
    const atThePage: { path: string; status: number | null }[][] = [];
    rig.faults.add({
      when: (call) => {
        if (call.path === `/${BUCKET}/web/index.html`) atThePage.push(rig.log.calls().slice(0, -1));
        return false;
      },
      fate: { type: "hang" },
    });
    const calls = await requestsOf(() => publishSecond(two));
    expect(atThePage).toHaveLength(1);
    const before = atThePage[0]!;
    expect(before.filter(({ status }) => status === null)).toEqual([]);
    const stored = before.map(asked);
    for (const path of Object.keys(second))
      if (path !== "index.html") expect(stored, path).toContain(`web/${path}`);
    const page = calls.findIndex((call) => asked(call) === "web/index.html");
    const after = calls.slice(page + 1).filter((call) => asked(call).startsWith("web/"));
    expect(after.map((call) => [call.action, asked(call)])).toEqual([["DeleteObject", "web/about.html"]]);
  });

  test("a file that cannot be sent leaves the page as it was", async () => {
    const { two } = await both();
    rig.faults.add({
      when: (call) => call.path.endsWith("Xy7zWv3r.js"),
      times: null,
      fate: { type: "error", status: 403, code: "AccessDenied", message: "no" },
    });
    await expect(publishSecond(two)).rejects.toMatchObject({ code: "SITE_DENIED" });
    expect(await served()).toMatchObject(first);
  });
});

describe("what a network does", () => {
  const faults: Record<string, FaultRule> = {
    "the first forty calls are throttled": { when: isData, times: 40, fate: { type: "throttle" } },
    "every third call is throttled": { when: everyThird(), times: null, fate: { type: "throttle" } },
    "connections dropped before": { when: everyThird(), times: null, fate: { type: "drop-before" } },
    "connections dropped after": { when: everyThird(), times: null, fate: { type: "drop-after" } },
    "errors of the server": {
      when: everyThird(),
      times: null,
      fate: { type: "error", status: 500, code: "InternalError", message: "We encountered an error" },
    },
  };
  test.each(Object.entries(faults))("%s: the end is right", async (_, rule) => {
    const { one, two } = await both();
    const added = rig.faults.add(rule);
    await publishSecond(two, { attempts: 50 });
    await publisher().rollbackTo(release(one), context("d-0003"));
    await publisher().rollbackTo(release(two), context("d-0004"));
    expect(added.hits()).toBeGreaterThan(3);
    rig.faults.clear();
    expect(await served()).toEqual({ ...second, ...config, "assets/app-Ab3dEf9h.js": "app 1" });
    expect(await publisher().serving(context().signal)).toEqual(release(two));
  });

  test("a server that refuses for long is given up, within the budget of all requests together", async () => {
    const spec = await specOf({
      ...first,
      ...Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`assets/a${at}-Ab3dEf9h.js`, `${at}`])),
    });
    rig.faults.add({ action: "PutObject", times: null, fate: { type: "throttle" } });
    const calls = await requestsOf(async () => {
      await expect(publisher({ budget: { again: 100 } }).stage(spec, context())).rejects.toMatchObject({
        code: "SITE_UNREACHABLE",
      });
    });
    expect(calls.length).toBeLessThanOrEqual(100 + 63 + 1);
  });

  test("a hung server is left after the time for one try", async () => {
    const spec = await specOf(first);
    rig.faults.add({ action: "PutObject", fate: { type: "hang" } });
    await publisher({ budget: { attemptMs: 5_001 } }).stage(spec, context());
    expect((await served())["assets/app-Ab3dEf9h.js"]).toBe("app 1");
  });

  test("the signal ends it, and nothing goes on behind", async () => {
    const spec = await specOf(first);
    rig.faults.add({ action: "PutObject", times: null, fate: { type: "hang" } });
    const stop = new AbortController();
    const staged = publisher().stage(spec, { ...context(), signal: stop.signal });
    await expect.poll(() => rig.log.calls({ action: "PutObject" }).length).toBeGreaterThan(0);
    stop.abort(new Error("enough"));
    await expect(staged).rejects.toThrow("enough");
    const calls = rig.log.calls().length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(rig.log.calls()).toHaveLength(calls);
  });
});

describe("what is wrong with the place", () => {
  test("no such bucket, and no such distribution", async () => {
    const spec = await specOf(first);
    await expect(publisher({ bucket: "elsewhere" }).stage(spec, context())).rejects.toMatchObject({
      code: "SITE_PLACE",
      message: "There is no bucket elsewhere for the site web.",
    });
    const { cloudFront } = connect();
    expect(cloudFront.distribution).not.toBe("");
    rig.faults.add({
      service: "cloudfront",
      fate: { type: "error", status: 404, code: "NoSuchDistribution", message: "no" },
    });
    await expect(publisher().switchTo(release(spec), context())).rejects.toMatchObject({
      code: "SITE_PLACE",
    });
    // The page is there, and the ledger does not claim that it serves: the next run finishes.
    expect(await publisher().serving(context().signal)).toBeNull();
    await publisher().switchTo(release(spec), context());
    expect(await publisher().serving(context().signal)).toEqual(release(spec));
  });
});

describe("a run that ends at any request", () => {
  const fates = ["drop-before", "drop-after"] as const;
  test.each(fates)(
    "%s: the page has what it refers to; running again finishes, taking back takes back",
    async (type) => {
      let ended = 0;
      for (let nth = 1; ; nth++) {
        let whole = false;
        for (const then of ["again", "back"] as const) {
          await startAnew();
          const { one, two } = await both();
          rig.faults.add({ when: isData, nth, fate: { type } });
          const died = await publishSecond(two, { attempts: 1 }).then(
            () => false,
            () => true,
          );
          whole ||= !died;
          ended += Number(died);
          rig.faults.clear();
          await expectWhole();
          const target = then === "again" ? two : one;
          const deployment = then === "again" ? "d-0002" : "d-0003";
          await publisher().switchTo(release(target), context(deployment));
          const files = await served();
          const mutable = Object.fromEntries(
            Object.entries(files).filter(([path]) => !path.startsWith("assets/")),
          );
          const wanted = then === "again" ? second : first;
          expect(files, `request ${nth}, then ${then}`).toMatchObject(wanted);
          expect(Object.keys(mutable).sort(), `request ${nth}, then ${then}`).toEqual(
            Object.keys({ ...wanted, ...config })
              .filter((path) => !path.startsWith("assets/"))
              .sort(),
          );
        }
        if (whole) break;
      }
      expect(ended).toBeGreaterThan(20);
    },
  );

  /** Whatever page stands there, the scripts that it names stand there too. */
  const expectWhole = async () => {
    const files = await served();
    const named = /src=\/(\S+?)>/.exec(files["index.html"]!)![1]!;
    expect(Object.keys(files)).toContain(named);
  };
}, 240_000);

function everyThird() {
  let count = 0;
  return (call: Call) => isData(call) && (count += 1) % 3 === 0;
}
