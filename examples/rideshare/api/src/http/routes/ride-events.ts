import type { Account } from "../../accounts/accounts.ts";
import type { Sessions } from "../../accounts/sessions.ts";
import { AppError } from "../../app-error.ts";
import type { Hub, Topic } from "../../events/hub.ts";
import { errorFields, type Log } from "../../log.ts";
import { isActive } from "../../rides/ride.ts";
import type { Rides } from "../../rides/rides.ts";
import type { App } from "../app-type.ts";
import type { EventStream, EventStreams } from "../event-streams.ts";
import { ById } from "../schemas.ts";
import { accountOf, tokenOf, type Guard } from "../sign-in-guard.ts";

export interface RideEventDeps {
  rides: Rides;
  hub: Hub;
  streams: EventStreams;
  sessions: Sessions;
  guard: Guard;
  log: Log;
}

export const rideEventRoutes = (app: App, deps: RideEventDeps): void => {
  const { rides, hub, streams, sessions, guard, log } = deps;

  app.get("/api/rides/:id/events", { ...guard(), schema: { params: ById } }, async (request, reply) => {
    const account = accountOf(request);
    const { id } = request.params;
    // Before the stream starts, so that a stranger gets a 403 and not an empty stream.
    await rides.get(account, id);
    const stream = streams.open(reply, stillSignedIn(sessions, tokenOf(request)));
    follow({ hub, log, stream, topic: `ride:${id}` }, () => sendRide(stream, rides, account, id));
  });

  app.get("/api/driver/events", guard("driver"), async (request, reply) => {
    const account = accountOf(request);
    const stream = streams.open(reply, stillSignedIn(sessions, tokenOf(request)));
    follow({ hub, log, stream, topic: `driver:${account.id}` }, async () => {
      const ride = await rides.current(account);
      if (ride) stream.send("ride", ride);
      else stream.send("idle", {});
    });
  });
};

/** The stream ends with the ride. A driver whose offer went to somebody else may not follow it any longer either. */
const sendRide = async (stream: EventStream, rides: Rides, account: Account, id: string): Promise<void> => {
  try {
    const ride = await rides.get(account, id);
    stream.send("ride", ride);
    if (!isActive(ride.status)) stream.end();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    stream.end();
  }
};

const stillSignedIn = (sessions: Sessions, token: string) => async () =>
  (await sessions.find(token)) !== null;

interface Following {
  hub: Hub;
  log: Log;
  stream: EventStream;
  topic: Topic;
}

/**
 * Sends the state now and after each change. Changes during a send are sent once, together: a slow database
 * makes the stream coarser, never longer. A read that fails ends the stream; the client reconnects.
 */
const follow = ({ hub, log, stream, topic }: Following, send: () => Promise<void>): void => {
  let wanted = false;
  let running = false;
  const refresh = async (): Promise<void> => {
    wanted = true;
    if (running) return;
    running = true;
    try {
      while (wanted && !stream.closed.aborted) {
        wanted = false;
        await send();
      }
    } catch (error) {
      log.warn("An event stream was ended", errorFields(error));
      stream.end();
    } finally {
      running = false;
    }
  };
  const unsubscribe = hub.subscribe(topic, () => void refresh());
  stream.closed.addEventListener("abort", unsubscribe);
  void refresh();
};
