import type { Ride } from "../src/rides/ride.ts";
import { readEvents, type ServerSentEvent } from "../src/simulation/event-stream.ts";

export interface Answer {
  status: number;
  headers: Headers;
  // Tests look into answers of many shapes.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export const call = async (
  baseUrl: string,
  [method, path]: [method: string, path: string],
  { body, token, headers = {} }: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const raw = typeof body === "string" || body instanceof FormData || body instanceof ReadableStream;
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || raw ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as FormData) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
};

export interface Person {
  id: string;
  token: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  follow(path: string): Promise<EventReader>;
  /** The same person at another API process. */
  at(baseUrl: string): Person;
}

let people = 0;

const newPerson = async (baseUrl: string, path: string, more: object): Promise<Person> => {
  const number = (people += 1);
  const account = {
    name: `Person ${number}`,
    email: `person${number}@example.test`,
    password: "correct horse",
  };
  const { status, body } = await call(baseUrl, ["POST", path], { body: { ...account, ...more } });
  if (status !== 201) throw new Error(`Signing up answered ${status}: ${JSON.stringify(body)}`);
  return personWith(baseUrl, body.account.id, body.token);
};

const personWith = (baseUrl: string, id: string, token: string): Person => ({
  id,
  token,
  call: (method, path, body) => call(baseUrl, [method, path], { token, body }),
  follow: (path) => followEvents(new URL(path, baseUrl), token),
  at: (other) => personWith(other, id, token),
});

export const newRider = (baseUrl: string): Promise<Person> => newPerson(baseUrl, "/api/riders", {});

/** A driver on duty at a place. */
export const newDriver = async (baseUrl: string, position: { lat: number; lng: number }): Promise<Person> => {
  const driver = await newPerson(baseUrl, "/api/drivers", { vehicle: "Volvo, blue", plate: "ABC 123" });
  await driver.call("PUT", "/api/driver/position", position);
  await driver.call("PUT", "/api/driver/availability", { available: true });
  return driver;
};

export interface EventReader {
  /** Reads on until an event fits; fails when the stream ends before. */
  until(fits: (event: ServerSentEvent) => boolean): Promise<ServerSentEvent>;
  /** Reads on until the ride is like this. */
  untilRide(fits: (ride: Ride) => boolean): Promise<Ride>;
  /** Resolves when the server has ended the stream; throws when it was cut off. */
  ended(): Promise<void>;
  close(): void;
}

const followEvents = async (url: URL, token: string): Promise<EventReader> => {
  const stop = new AbortController();
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: stop.signal });
  if (response.status !== 200) throw new Error(`${url.pathname} answered ${response.status}`);
  const events = readEvents(response.body!);
  const until: EventReader["until"] = async (fits) => {
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error("The stream ended");
      if (fits(value)) return value;
    }
  };
  return {
    until,
    untilRide: async (fits) => {
      const ride = ({ event, data }: ServerSentEvent) =>
        event === "ride" ? (JSON.parse(data) as Ride) : null;
      return ride(await until((event) => ride(event) !== null && fits(ride(event)!)))!;
    },
    async ended() {
      while (!(await events.next()).done);
    },
    close: () => stop.abort(),
  };
};
