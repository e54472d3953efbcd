export type StreamState = "connecting" | "live" | "reconnecting";

export interface StreamEvent {
  name: string;
  data: string;
}

export interface StreamDeps {
  path: string;
  token: string;
  signal: AbortSignal;
  /** Says whether more is to come. After a no the stream is read to its end, and that is that. */
  onEvent: (event: StreamEvent) => boolean;
  onState: (state: StreamState) => void;
  onExpired: () => void;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;
// A connection that died without a word (a laptop lid, a lost tunnel) delivers nothing for ever.
const silenceMs = 45_000;

/**
 * Follows a server-sent event stream until its last event or the signal, and comes back after every drop.
 * EventSource is not used because it cannot send an Authorization header.
 */
export async function followEvents(deps: StreamDeps): Promise<void> {
  let waitMs = firstWaitMs;
  deps.onState("connecting");
  while (!deps.signal.aborted) {
    const outcome = await readOnce(deps, () => {
      waitMs = firstWaitMs;
      deps.onState("live");
    });
    if (outcome === "expired") return deps.onExpired();
    if (outcome === "over" || deps.signal.aborted) return;
    deps.onState("reconnecting");
    await pause(waitMs * (0.75 + Math.random() / 2), deps.signal);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

async function readOnce(deps: StreamDeps, onOpen: () => void): Promise<"dropped" | "expired" | "over"> {
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  let silence = setTimeout(stop, silenceMs);
  deps.signal.addEventListener("abort", stop, { once: true });
  let outcome: "dropped" | "over" = "dropped";
  try {
    const response = await fetch(deps.path, {
      headers: { accept: "text/event-stream", authorization: `Bearer ${deps.token}` },
      cache: "no-store",
      signal: attempt.signal,
    });
    if (response.status === 401) return "expired";
    if (response.status === 403 || response.status === 404) return "over";
    if (!response.ok || !response.body) return "dropped";
    onOpen();
    const parse = makeEventParser((event) => {
      if (!deps.onEvent(event)) outcome = "over";
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(silence);
      silence = setTimeout(stop, silenceMs);
      parse(chunk.value);
    }
    return outcome;
  } catch {
    return outcome;
  } finally {
    clearTimeout(silence);
    deps.signal.removeEventListener("abort", stop);
  }
}

function makeEventParser(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const blocks = (rest + text.replaceAll("\r", "")).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      let name = "message";
      const data: string[] = [];
      for (const line of block.split("\n")) {
        if (line.startsWith("event:")) name = line.slice(6).trim();
        else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      }
      if (data.length > 0 || name !== "message") onEvent({ name, data: data.join("\n") });
    }
  };
}

/** Ends early when the signal fires or the browser says the network is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    window.addEventListener("online", finish);
    signal.addEventListener("abort", finish);
  });
}
