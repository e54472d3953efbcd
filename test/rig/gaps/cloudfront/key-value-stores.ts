import { Refused } from "../../answers.ts";
import { objectOf, objectsOf, textOf, type XmlObject } from "../../xml.ts";
import { answer, bodyOf, checkMatch, gone, idOf, list, type Kind, type KindContext } from "./shared.ts";

interface Store {
  name: string;
  id: string;
  comment: string;
  etag: string;
  changedAt: string;
}

/** Which stores there are. */
export const makeKeyValueStores = ({ now, nextId, etag, arn, tags }: KindContext): Kind => {
  const stores = new Map<string, Store>();
  const get = (name: string) => {
    const found = stores.get(name);
    if (found === undefined) throw new Refused("EntityNotFound", `There is no key value store ${name}.`, 404);
    return found;
  };
  const xml = ({ name, id, comment, changedAt }: Store): XmlObject => ({
    Name: name,
    Id: id,
    Comment: comment,
    ARN: arn("key-value-store", id),
    Status: "READY",
    LastModifiedTime: changedAt,
  });
  return {
    clear: () => stores.clear(),
    actions: {
      CreateKeyValueStore: (call) => {
        const sent = bodyOf(call);
        const name = textOf(sent["Name"]);
        if (stores.has(name)) throw new Refused("EntityAlreadyExists", `${name} is taken.`, 409);
        const store: Store = {
          name,
          id: `00000000-0000-4000-8000-${String(nextId()).padStart(12, "0")}`,
          comment: textOf(sent["Comment"]),
          etag: etag(),
          changedAt: now().toISOString(),
        };
        stores.set(name, store);
        const given = objectsOf(objectOf(objectOf(sent["Tags"])["Items"])["Tag"]);
        tags.set(
          arn("key-value-store", store.id),
          Object.fromEntries(given.map((tag) => [textOf(tag["Key"]), textOf(tag["Value"])])),
        );
        return answer("KeyValueStore", xml(store), { status: 201, etag: store.etag });
      },
      DescribeKeyValueStore: (call) => {
        const store = get(idOf(call));
        return answer("KeyValueStore", xml(store), { etag: store.etag });
      },
      UpdateKeyValueStore: (call) => {
        const store = get(idOf(call));
        checkMatch(call, store.etag);
        Object.assign(store, {
          comment: textOf(bodyOf(call)["Comment"]),
          etag: etag(),
          changedAt: now().toISOString(),
        });
        return answer("KeyValueStore", xml(store), { etag: store.etag });
      },
      ListKeyValueStores: () => list("KeyValueStoreList", "KeyValueStore", [...stores.values()].map(xml)),
      DeleteKeyValueStore: (call) => {
        const store = get(idOf(call));
        checkMatch(call, store.etag);
        stores.delete(store.name);
        return gone();
      },
    },
  };
};
