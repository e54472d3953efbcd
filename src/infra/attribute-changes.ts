import type { AttributeChange, Shown } from "./plan-change.ts";
import { isEmpty, isFields, isSame, listIn } from "./plain-json.ts";

/** The `change` of a resource in Terraform's JSON. The marks have the shape of the values, `true` for a whole. */
export interface Sides {
  before: unknown;
  after: unknown;
  afterUnknown: unknown;
  beforeSensitive: unknown;
  afterSensitive: unknown;
}

/** Bounds what one resource can ask of a reader and of the screen. */
const MOST = 200;
const LONGEST = 300;

/**
 * What differs between both sides, attribute by attribute, down to the smallest part. No text of a sensitive value is
 * ever in the result, whether the value or anything around it is marked, and on whichever side.
 */
export const attributeChanges = (sides: Sides, replacePaths: readonly unknown[]): AttributeChange[] => {
  const forcing = new Set(replacePaths.map((path) => pathText(listIn(path))));
  const found: AttributeChange[] = [];
  walk(sides, [], (path, at) => {
    if (found.length < MOST)
      found.push({
        path,
        before: shown(at.before, { sensitive: [at.beforeSensitive, at.afterSensitive] }),
        after: shown(at.after, {
          sensitive: [at.beforeSensitive, at.afterSensitive],
          unknown: at.afterUnknown,
        }),
        forcesReplacement: [...forcing].some((one) => isWithin(path, one) || isWithin(one, path)),
      });
  });
  return found;
};

const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);

const walk = (at: Sides, path: (string | number)[], tell: (path: string, at: Sides) => void): void => {
  const unknown = at.afterUnknown === true;
  // A value that stays and is only marked otherwise is no change of what runs.
  if (!unknown && !holdsUnknown(at.afterUnknown) && isSame(at.before, at.after)) return;
  const whole = unknown || at.beforeSensitive === true || at.afterSensitive === true;
  if (!whole && isFields(at.before) && isFields(at.after)) {
    const keys = new Set([
      ...Object.keys(at.before),
      ...Object.keys(at.after),
      ...(isFields(at.afterUnknown) ? Object.keys(at.afterUnknown) : []),
    ]);
    for (const key of [...keys].sort()) walk(part(at, key), [...path, key], tell);
    return;
  }
  const { before, after } = at;
  if (
    !whole &&
    Array.isArray(before) &&
    Array.isArray(after) &&
    before.length === after.length &&
    [...before, ...after].every(isFields)
  ) {
    before.forEach((_, index) => walk(part(at, index), [...path, index], tell));
    return;
  }
  if (isNothing(at)) return;
  tell(pathText(path), at);
};

/** Null on one side, and an empty thing on the other: the provider's ways to write what is not set. */
const isNothing = ({ before, after, afterUnknown }: Sides): boolean =>
  isEmpty(before) && isEmpty(after) && !holdsUnknown(afterUnknown);

const holdsUnknown = (mark: unknown): boolean =>
  mark === true ||
  (Array.isArray(mark) ? mark.some(holdsUnknown) : isFields(mark) && Object.values(mark).some(holdsUnknown));

const part = (at: Sides, key: string | number): Sides => ({
  before: member(at.before, key),
  after: member(at.after, key),
  afterUnknown: mark(at.afterUnknown, key),
  beforeSensitive: mark(at.beforeSensitive, key),
  afterSensitive: mark(at.afterSensitive, key),
});

const member = (value: unknown, key: string | number): unknown => {
  if (typeof key === "number") return Array.isArray(value) ? (value[key] as unknown) : undefined;
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

const mark = (value: unknown, key: string | number): unknown => (value === true ? true : member(value, key));

/** `["container", 0, "image"]` as `container[0].image`. */
export const pathText = (path: readonly unknown[]): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? String(step) : `${text}.${String(step)}`,
    "",
  );

const shown = (value: unknown, marks: { sensitive: unknown; unknown?: unknown }): Shown => {
  if (holdsUnknown(marks.sensitive)) return { kind: "sensitive" };
  if (holdsUnknown(marks.unknown)) return { kind: "unknown" };
  if (value === null || value === undefined) return { kind: "absent" };
  const text = typeof value === "string" ? JSON.stringify(value) : JSON.stringify(value, null, 0);
  return { kind: "value", text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text };
};

/** For people: what stands there, or why it does not. */
export const shownText = (value: Shown): string => {
  switch (value.kind) {
    case "value":
      return value.text;
    case "sensitive":
      return "(sensitive)";
    case "unknown":
      return "(known after apply)";
    case "absent":
      return "(not set)";
  }
};
