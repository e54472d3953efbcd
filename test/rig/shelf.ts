import type { Call } from "./call.ts";
import { Refused } from "./answers.ts";

/** Resources of one kind, by region and name. */
export interface Shelf<T> {
  /** The service's error when it is not there. */
  get(call: Pick<Call, "region">, name: string): T;
  find(call: Pick<Call, "region">, name: string): T | undefined;
  /** The service's error when it is there already. */
  add(call: Pick<Call, "region">, name: string, resource: T): T;
  put(call: Pick<Call, "region">, name: string, resource: T): T;
  remove(call: Pick<Call, "region">, name: string): T;
  all(call: Pick<Call, "region">): T[];
  /** The named one, which has to exist, or all. */
  select(call: Pick<Call, "region">, name: string | undefined): T[];
  clear(): void;
}

interface Codes {
  missing: string;
  exists: string;
  /** HTTP status of the first. */
  status?: number;
}

export const makeShelf = <T>({ missing, exists, status = 404 }: Codes): Shelf<T> => {
  const byPlace = new Map<string, Map<string, T>>();
  const of = ({ region }: Pick<Call, "region">) => {
    const found = byPlace.get(region) ?? new Map<string, T>();
    byPlace.set(region, found);
    return found;
  };
  const shelf: Shelf<T> = {
    find: (call, name) => of(call).get(name),
    get: (call, name) => {
      const found = of(call).get(name);
      if (found === undefined) throw new Refused(missing, `${name} not found.`, status);
      return found;
    },
    add: (call, name, resource) => {
      if (of(call).has(name)) throw new Refused(exists, `${name} already exists.`);
      return shelf.put(call, name, resource);
    },
    put: (call, name, resource) => {
      of(call).set(name, resource);
      return resource;
    },
    remove: (call, name) => {
      const found = shelf.get(call, name);
      of(call).delete(name);
      return found;
    },
    all: (call) => [...of(call).values()],
    select: (call, name) => (name === undefined || name === "" ? shelf.all(call) : [shelf.get(call, name)]),
    clear: () => byPlace.clear(),
  };
  return shelf;
};
