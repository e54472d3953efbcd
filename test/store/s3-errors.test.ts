import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeS3Store } from "../../src/adapters/store/s3/s3-store.ts";
import { CALL_BUDGET } from "../../src/adapters/store/s3/call.ts";
import type { S3StoreDefinition } from "../../src/domain/app-definition.ts";
import { AppError } from "../../src/domain/errors.ts";
import type { Store } from "../../src/ports/store.ts";
import { startFaultyProxy, type Fate, type FaultyProxy } from "../helpers/faulty-proxy.ts";
import { CREDENTIALS, startMoto, type Moto } from "../helpers/moto.ts";
import { ELSEWHERE, openS3, s3Settings } from "../helpers/s3-store.ts";
import { systemClock } from "../helpers/system-clock.ts";

// Each failure that a person meets on the way to a bucket: what happened, why, what to do next.
let moto: Moto;
let proxy: FaultyProxy;
beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultyProxy(moto.endpoint);
  await moto.client.send(new CreateBucketCommand({ Bucket: "store", ...ELSEWHERE }));
});
afterAll(async () => {
  await proxy.close();
  await moto.stop();
});

const budget = { ...CALL_BUDGET, attemptMs: 500, totalMs: 1_500, backoff: { leastMs: 5, mostMs: 20 } };
const KEY = "environments/dev/head.json";
const open = (change: Partial<S3StoreDefinition> = {}) =>
  openS3({ endpoint: proxy.endpoint, prefix: "shop/", ...change }, budget);
const errorOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};
const answer = (status: number, code: string, headers: Record<string, string> = {}): Fate => ({
  type: "answer",
  status,
  code,
  headers,
});
const get = (store: Store) => store.get(KEY);
const create = (store: Store) => store.create(KEY, new Uint8Array([1]));
const list = (store: Store) => store.list("releases/");

test.each<[string, Fate, (store: Store) => Promise<unknown>, string, RegExp, RegExp]>([
  [
    "a right that is missing for reading",
    answer(403, "AccessDenied"),
    get,
    "STORE_DENIED",
    /^s3:GetObject is not allowed on arn:aws:s3:::store\/shop\/environments\/dev\/head\.json: as the test says$/,
    /s3:ListBucket on the bucket: docs\/store\.md#permissions/,
  ],
  [
    "a right that is missing for writing",
    answer(403, "AccessDenied"),
    create,
    "STORE_DENIED",
    /^s3:PutObject is not allowed on arn:aws:s3:::store\/shop\//,
    /docs\/store\.md#permissions/,
  ],
  [
    "a right that is missing for listing",
    answer(403, "AccessDenied"),
    list,
    "STORE_DENIED",
    /^s3:ListBucket is not allowed on arn:aws:s3:::store:/,
    /permissions/,
  ],
  [
    "credentials that expired",
    answer(400, "ExpiredToken"),
    get,
    "AWS_CREDENTIALS",
    /have expired/,
    /aws sso login/,
  ],
  [
    "a key that nobody knows",
    answer(403, "InvalidAccessKeyId"),
    get,
    "AWS_CREDENTIALS",
    /does not accept/,
    /get-caller-identity/,
  ],
  [
    "a wrong secret",
    answer(403, "SignatureDoesNotMatch"),
    create,
    "AWS_CREDENTIALS",
    /does not accept/,
    /get-caller-identity/,
  ],
  [
    "another region",
    answer(301, "PermanentRedirect", { "x-amz-bucket-region": "us-west-2" }),
    get,
    "STORE_BUCKET",
    /^The bucket store is in the region us-west-2\.$/,
    /set store\.region to "us-west-2"/,
  ],
  [
    "a redirect to nowhere",
    answer(307, "TemporaryRedirect"),
    create,
    "STORE_BUCKET",
    /in another region/,
    /store\.region/,
  ],
  [
    "a KMS key that is disabled",
    answer(400, "KMS.DisabledException"),
    create,
    "STORE_DENIED",
    /KMS key cannot be used/,
    /kms:GenerateDataKey/,
  ],
  [
    "a server that is overloaded",
    answer(503, "SlowDown"),
    get,
    "STORE_UNREACHABLE",
    /503 SlowDown: as the test says \(\d tries in/,
    /in a while/,
  ],
  ["an answer that nobody knows", answer(418, "Teapot"), get, "STORE_UNREACHABLE", /418 Teapot/, /./],
])("%s", async (_what, fate, ask, code, message, hint) => {
  proxy.fate(() => fate);
  const error = await errorOf(ask(open()));
  expect([error.code, error.message, error.hint]).toEqual([
    code,
    expect.stringMatching(message),
    expect.stringMatching(hint),
  ]);
  expect(error.context).toMatchObject({
    bucket: "store",
    endpoint: proxy.endpoint,
    action: expect.stringMatching(/^s3:/),
  });
});

test("a bucket that does not exist, for reading, writing and listing", async () => {
  for (const ask of [get, create, list]) {
    const error = await errorOf(ask(openS3({ endpoint: moto.endpoint, bucket: "nowhere" }, budget)));
    expect([error.code, error.message]).toEqual(["STORE_BUCKET", "There is no bucket nowhere."]);
    expect(error.hint).toContain("aws s3 mb s3://nowhere");
  }
});

test("a server that is not there", async () => {
  const gone = await startFaultyProxy(moto.endpoint);
  await gone.close();
  const error = await errorOf(get(open({ endpoint: gone.endpoint })));
  expect([error.code, error.message]).toEqual([
    "STORE_UNREACHABLE",
    expect.stringContaining(`${gone.endpoint} cannot be reached`),
  ]);
  expect(error.hint).toContain("store.endpoint");
});

test("a name that cannot be resolved", async () => {
  const error = await errorOf(get(open({ endpoint: "http://s3.invalid", forcePathStyle: true })));
  expect([error.code, error.hint]).toEqual([
    "STORE_UNREACHABLE",
    expect.stringContaining("check the network"),
  ]);
});

test.each<[string, () => Promise<never>, RegExp]>([
  [
    "no credentials",
    () =>
      Promise.reject(
        Object.assign(new Error("Could not load credentials from any providers"), {
          name: "CredentialsProviderError",
        }),
      ),
    /^No AWS credentials were found: Could not load/,
  ],
  [
    "a look for credentials that hangs",
    () => new Promise<never>(() => undefined),
    /^The AWS credentials could not be read: no answer within/,
  ],
  [
    "a look for credentials that fails",
    () => Promise.reject(new Error("profile broken")),
    /could not be read: profile broken/,
  ],
])("%s", async (_what, credentials, message) => {
  const store = makeS3Store(s3Settings({ endpoint: moto.endpoint }), {
    clock: systemClock,
    budget,
    credentials,
  });
  const error = await errorOf(get(store));
  expect([error.code, error.message]).toEqual(["AWS_CREDENTIALS", expect.stringMatching(message)]);
  expect(error.hint).toContain("aws sso login");
});

test.each<[S3StoreDefinition["encryption"], Record<string, string | undefined>]>([
  [{ type: "bucket" }, {}],
  [{ type: "s3" }, { "x-amz-server-side-encryption": "AES256" }],
  [
    { type: "kms", key: "alias/store" },
    {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "alias/store",
    },
  ],
])(
  "every upload carries a checksum, as Object Lock wants it, and asks for the encryption %j",
  async (encryption, wanted) => {
    proxy.fate(() => ({ type: "pass" }));
    const from = proxy.asked.length;
    const store = makeS3Store(
      s3Settings({ endpoint: proxy.endpoint, prefix: `${encryption.type}/`, encryption }),
      {
        clock: systemClock,
        credentials: CREDENTIALS,
      },
    );
    await store.create("a", new TextEncoder().encode("abc"));
    await store.replace("b", new TextEncoder().encode("abc"), null);
    const puts = proxy.asked.slice(from).filter(({ method }) => method === "PUT");
    expect(puts.length).toBeGreaterThanOrEqual(4);
    for (const { headers } of puts) {
      expect(headers["x-amz-checksum-sha256"]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      const said = Object.keys(headers).filter((name) => name.startsWith("x-amz-server-side-encryption"));
      expect(headers).toMatchObject(wanted);
      if (encryption.type === "bucket") expect(said).toEqual([]);
    }
    expect(puts.find(({ path }) => path.endsWith("/a"))!.headers["x-amz-checksum-sha256"]).toBe(
      "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
    );
  },
);
