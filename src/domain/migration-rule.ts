export type RuleFamily =
  | "blocks-traffic"
  | "breaks-the-release-before"
  | "fails-on-data"
  | "destroys"
  | "transactions"
  | "errors"
  | "way-back"
  | "waivers"
  | "style";

export type RuleSource =
  "squawk" | "eugene" | "strong_migrations" | "atlas" | "pgroll" | "django-migration-linter";

/** What a rule of the judge says of itself; the same for docs/migration-rules.md, `migrate explain` and SARIF. */
export interface RuleText {
  /** Stable: waivers and reports name it. */
  id: string;
  family: RuleFamily;
  /** "by-size": by how long others would wait at the target's size. */
  level: "block" | "warn" | "info" | "by-size";
  /** What it finds. */
  title: string;
  /** What it means for users of the app. */
  why: string;
  /** The safe way. */
  instead: string;
  /** SQL that it finds, and SQL that does the same safely; empty where it is not about SQL. */
  example: { finds: string[]; instead: string[] };
  /** The rules of other tools that say the same. */
  sameAs: Partial<Record<RuleSource, string[]>>;
}
