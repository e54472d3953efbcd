import { Agent, request } from "node:http";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { makeS3Store } from "../../src/adapters/store/s3/s3-store.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { startFaultyProxy } from "../../test/helpers/faulty-proxy.ts";
import { CREDENTIALS, REGION, startMoto } from "../../test/helpers/moto.ts";
import { s3Settings } from "../../test/helpers/s3-store.ts";
import { timeEach, writeSteps } from "./write-steps.ts";

export type S3Round = Record<"own" | "apart" | "state" | "floor", number>;

interface S3Request {
  rounds: number;
  steps: number;
  /** From a request to its answer, the server's own time included. */
  roundTripMs: number;
}

/**
 * A real API server in a process of its own, behind a proxy that holds every answer back for a round trip. `first` is
 * what the log took in a process that had just started, with the look at the server's conditions.
 */
export const benchS3 = async (wanted: S3Request): Promise<{ first: number; rounds: S3Round[] }> => {
  const moto = await startMoto();
  const proxy = await startFaultyProxy(moto.endpoint);
  const agent = new Agent({ keepAlive: true });
  const place = { endpoint: proxy.endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true };
  const plain = new S3Client(place);
  try {
    const Bucket = "store";
    await moto.client.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    proxy.fate(() => ({ type: "pass", leastMs: wanted.roundTripMs }));
    const deps = { clock: systemClock, credentials: CREDENTIALS };
    const store = makeS3Store(s3Settings({ endpoint: proxy.endpoint }), deps);
    const put = (Key: string, value: unknown) =>
      plain.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(value) }));
    const url = `${proxy.endpoint}/${Bucket}`;
    const contestants = (round: number) => ({
      own: () => writeSteps(store, `round${round}`, wanted.steps),
      apart: () => putEach(put, `apart/${round}`, 2 * wanted.steps),
      state: () => putWithState(put, `state/${round}`, wanted.steps),
      floor: () => bareEach(agent, `${url}/floor/${round}`, wanted.steps + 1),
    });
    const { own: first } = await timeEach({ own: contestants(-1).own }, 0);
    const measured: S3Round[] = [];
    for (let round = 0; round <= wanted.rounds; round++)
      measured.push(await timeEach(contestants(round), round));
    return { first, rounds: measured.slice(1) };
  } finally {
    agent.destroy();
    plain.destroy();
    await proxy.close();
    await moto.stop();
  }
};

type Put = (key: string, value: unknown) => Promise<unknown>;

/** Intent and outcome of each step apart. */
const putEach = async (put: Put, folder: string, events: number): Promise<void> => {
  for (let event = 0; event < events; event++)
    await put(`${folder}/${event}`, { event, text: "x".repeat(200) });
};

/** An object for each step, and a state file that is written anew after it. */
const putWithState = async (put: Put, folder: string, steps: number): Promise<void> => {
  const state: unknown[] = [];
  for (let step = 0; step < steps; step++) {
    state.push({ step, text: "x".repeat(200) });
    await put(`${folder}/${step}`, state.at(-1));
    await put(`${folder}/state`, state);
  }
};

/** Uploads with neither signature nor SDK: what the round trips alone cost. */
const bareEach = async (agent: Agent, url: string, entries: number): Promise<void> => {
  for (let entry = 0; entry < entries; entry++)
    await new Promise<void>((resolve, reject) => {
      const headers = { "content-length": 200 };
      const sent = request(`${url}-${entry}`, { method: "PUT", agent, headers }, (answer) => {
        answer.resume().on("end", () => resolve());
      });
      sent.on("error", reject).end("x".repeat(200));
    });
};
