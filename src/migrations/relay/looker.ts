import { z } from "zod";
import type { Outcome } from "./conversation.ts";
import type { Exchange } from "./exchange.ts";
import {
  baselineQuery,
  EMPTY_LOOK,
  HIGHEST_QUERY,
  LOOK,
  readLook,
  relationsOf,
  sightOf,
  type Look,
} from "./look.ts";
import type { RelationName } from "./look.ts";
import { lookUpNames } from "./names.ts";
import type { ConnectionRecorder, Sight } from "./recorder.ts";
import type { SideSessions } from "./side-sessions.ts";
import { bind, closePortal, closeStatement, execute, FLUSH, parse, query, SYNC } from "./wire/write.ts";

const NAME = "_switchback_look";
const HIDDEN = { as: "nothing" } as const;
/** A look that fails has ended the client's transaction, so the client is told. */
const UNLESS_IT_FAILS = { as: "errors" } as const;
const CANCELLED = "57014";

export interface Looked {
  sight: Sight;
  /** It ran in other transactions than the one that was open for it. */
  own: boolean;
}

/** What comes after this transaction of the same session: `3/17` → `3/18`. */
const following = (virtualTransaction: string): string => {
  const [backend = "", number = ""] = virtualTransaction.split("/");
  return `${backend}/${Number(number) + 1}`;
};

/**
 * Looks at a session from within, between the client's statements. Nothing of it reaches the client, whose unnamed
 * statement and portal stay as they are.
 */
export class Looker {
  readonly #exchange: Exchange;
  readonly #side: SideSessions;
  readonly #recorder: ConnectionRecorder;
  readonly #major: number;
  #highest: string | null = null;
  #before: Look = EMPTY_LOOK;
  #expected: string | null = null;
  #names = new Map<string, RelationName | null>();

  constructor(deps: { exchange: Exchange; side: SideSessions; recorder: ConnectionRecorder; major: number }) {
    this.#exchange = deps.exchange;
    this.#side = deps.side;
    this.#recorder = deps.recorder;
    this.#major = deps.major;
  }

  /** Highest number of what was there before the transaction; null when it could not be found out: then nothing is looked at. */
  get highest(): string | null {
    return this.#highest;
  }

  /** Before a transaction, while the session is idle. */
  begin(): Promise<void> {
    return this.#recorder.apart(async () => {
      this.#before = EMPTY_LOOK;
      this.#names.clear();
      this.#highest = null;
      // A cancel request for the statement before may arrive only now.
      for (let attempt = 0; attempt < 2 && this.#highest === null; attempt++) {
        const rows: (string | null)[][] = [];
        const outcome = await this.#exchange.ask(query(baselineQuery(this.#major)), "query", HIDDEN, rows);
        this.#highest = rows[0]?.[0] ?? null;
        const last = rows[0]?.[1] ?? null;
        this.#expected = last === null ? null : following(last);
        if (outcome.kind === "ready" && outcome.error?.sqlState !== CANCELLED) return;
      }
    });
  }

  /** A transaction ended and the next begins in the same batch: what there is now is asked from outside. */
  beginAnother(): Promise<void> {
    return this.#recorder.apart(async () => {
      this.#before = { ...EMPTY_LOOK, counters: this.#before.counters };
      this.#names.clear();
      this.#expected = null;
      const client = await this.#side.shared();
      const { rows } = await client.query<Record<string, unknown>>(HIGHEST_QUERY);
      this.#highest = z.array(z.object({ highest: z.string() })).parse(rows)[0]?.highest ?? null;
    });
  }

  /** Within the batch, or after ReadyForQuery when a transaction block is open (`sync`). Null: it failed. */
  look({ sync, mayBeOwn }: { sync: boolean; mayBeOwn: boolean }): Promise<Looked | null> {
    return this.#recorder.apart(async () => {
      const highest = this.#highest;
      if (highest === null) return null;
      const rows: (string | null)[][] = [];
      const outcomes = [
        this.#exchange.ask(parse(NAME, LOOK), "parse", UNLESS_IT_FAILS),
        this.#exchange.ask(bind(NAME, NAME, [highest]), "bind", UNLESS_IT_FAILS),
        this.#exchange.ask(execute(NAME), "execute", UNLESS_IT_FAILS, rows),
        this.#exchange.ask(closePortal(NAME), "close", UNLESS_IT_FAILS),
        this.#exchange.ask(closeStatement(NAME), "close", UNLESS_IT_FAILS),
      ];
      if (sync) outcomes.push(this.#exchange.ask(SYNC, "sync", UNLESS_IT_FAILS));
      else this.#exchange.tell(FLUSH);
      const settled: Outcome[] = await Promise.all(outcomes);
      if (settled.some(({ kind }) => kind === "error" || kind === "skipped")) return null;
      return this.#told(readLook(rows), mayBeOwn);
    });
  }

  async #told(now: Look, mayBeOwn: boolean): Promise<Looked> {
    const own = mayBeOwn && this.#expected !== null && now.virtualTransaction !== this.#expected;
    const unknown = relationsOf(now).filter((relation) => !this.#names.has(relation));
    if (unknown.length > 0) {
      const found = await lookUpNames(await this.#side.shared(), unknown);
      for (const relation of unknown) this.#names.set(relation, found.get(relation) ?? null);
    }
    const names = new Map(
      [...this.#names].flatMap(([key, name]): [string, RelationName][] =>
        name === null ? [] : [[key, name]],
      ),
    );
    const sight = sightOf(this.#before, now, names, { own });
    this.#before = now;
    return { sight, own };
  }

  /** A session from outside, for those who hold the gate. */
  get side(): SideSessions {
    return this.#side;
  }
}
