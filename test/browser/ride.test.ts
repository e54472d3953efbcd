import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedRiders, demoPassword } from "../../examples/rideshare/api/src/seed/people.ts";
import { demoAccounts } from "../../examples/rideshare/frontend/src/session/demo-accounts.ts";
import { shortReleaseId } from "../../src/domain/release.ts";
import { makeRideshareProject, type Deployed, type RideshareProject } from "./rideshare-project.ts";

const CHROMIUM = "/usr/bin/chromium";
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Not trouble when they are called aborted: the page drops the question who is near once the ride is booked, and Chromium
 * says so of a stream that was read to its end as well. A connection that the server cut has another name.
 */
const LEFT_OFF = /^\/api\/(drivers\/nearby|rides\/[^/]+\/events)$/;

let project: RideshareProject | undefined;
let browser: Browser | undefined;
let deployed: Deployed;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  project = makeRideshareProject();
  deployed = await project.deploy();
  await project.simulateDrivers(deployed.url);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await project?.close();
}, 60_000);

/** Everything that a person with the console open would see in red. */
const collectTrouble = (page: Page): string[] => {
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(`uncaught ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(`console ${message.text()} ${message.location().url}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    if (why === "net::ERR_ABORTED" && LEFT_OFF.test(new URL(request.url()).pathname)) return;
    trouble.push(`failed ${request.method()} ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) trouble.push(`${response.status()} ${response.url()}`);
  });
  return trouble;
};

const choose = async (page: Page, end: "pickup" | "dropoff", nth: number) => {
  const field = page.getByTestId(end);
  const place = await field.locator("option:not([disabled])").nth(nth).getAttribute("value");
  await field.selectOption(place!);
};

test("the page's demo accounts are those that the seed makes", () => {
  expect(demoAccounts.rider).toEqual({ email: seedRiders[0]!.email, password: demoPassword });
  expect(demoAccounts.driver.password).toBe(demoPassword);
});

test("a rider books in the page, a simulated driver completes the ride, and the receipt is shown", async () => {
  const page = await browser!.newPage();
  page.setDefaultTimeout(30_000);
  const trouble = collectTrouble(page);
  expect(new URL(deployed.url).hostname).toBe("rideshare.localhost");
  await page.goto(deployed.url);
  expect(await page.getByTestId("release").textContent()).toContain(
    `release ${shortReleaseId(deployed.release)} `,
  );

  await page.getByTestId("demo-rider").click();
  await choose(page, "pickup", 0);
  await choose(page, "dropoff", 1);
  await page.getByTestId("quote").click();
  await page.getByTestId("book").click();

  await page.locator("[data-testid=ride-status][data-status=completed]").waitFor({ timeout: 120_000 });
  expect(await page.getByTestId("receipt-total").textContent()).toMatch(/[1-9]/);
  expect(trouble).toEqual([]);
}, 180_000);
