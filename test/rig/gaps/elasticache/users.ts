import { text, texts, type Param } from "../../params.ts";
import { makeShelf } from "../../shelf.ts";
import { tagsOf } from "../../tags.ts";
import type { XmlObject } from "../../xml.ts";
import { action, type Kind, type KindContext } from "./shared.ts";

interface User {
  id: string;
  name: string;
  engine: string;
  access: string;
  authentication: { type: string; passwords: number };
  arn: string;
}

interface UserGroup {
  id: string;
  engine: string;
  users: string[];
  arn: string;
}

/** How many passwords there are; the passwords themselves are not kept. */
const authenticationOf = (mode: Param | undefined, passwords: string[], without: boolean) => {
  const given = typeof mode === "object" && !Array.isArray(mode) ? mode : {};
  const list = [...texts(given["Passwords"]), ...passwords];
  const type = text(given["Type"]) || (without ? "no-password-required" : "password");
  return { type: type === "no-password-required" ? "no-password" : type, passwords: list.length };
};

export const makeUsers = ({ arn, tags }: KindContext): Kind => {
  const users = makeShelf<User>({ missing: "UserNotFound", exists: "UserAlreadyExists" });
  const groups = makeShelf<UserGroup>({ missing: "UserGroupNotFound", exists: "UserGroupAlreadyExists" });
  type Place = Parameters<typeof groups.all>[0];

  const userXml = (call: Place, user: User): XmlObject => ({
    UserId: user.id,
    UserName: user.name,
    Status: "active",
    Engine: user.engine,
    MinimumEngineVersion: user.engine === "valkey" ? "7.2" : "6.0",
    AccessString: user.access,
    UserGroupIds: {
      member: groups
        .all(call)
        .filter((group) => group.users.includes(user.id))
        .map(({ id }) => id),
    },
    Authentication: { Type: user.authentication.type, PasswordCount: String(user.authentication.passwords) },
    ARN: user.arn,
  });
  const groupXml = (group: UserGroup): XmlObject => ({
    UserGroupId: group.id,
    Status: "active",
    Engine: group.engine,
    UserIds: { member: group.users },
    MinimumEngineVersion: group.engine === "valkey" ? "7.2" : "6.0",
    ARN: group.arn,
  });
  return {
    clear: () => {
      users.clear();
      groups.clear();
    },
    actions: {
      CreateUser: action((params, call) => {
        const id = text(params["UserId"]).toLowerCase();
        const user = users.add(call, id, {
          id,
          name: text(params["UserName"]),
          engine: text(params["Engine"]).toLowerCase(),
          access: text(params["AccessString"]),
          authentication: authenticationOf(
            params["AuthenticationMode"],
            texts(params["Passwords"]),
            text(params["NoPasswordRequired"]) === "true",
          ),
          arn: arn(call, "user", id),
        });
        tags.set(user.arn, tagsOf(params));
        return userXml(call, user);
      }),
      ModifyUser: action((params, call) => {
        const user = users.get(call, text(params["UserId"]));
        user.access = text(params["AccessString"], user.access);
        user.engine = text(params["Engine"], user.engine).toLowerCase();
        const passwords = texts(params["Passwords"]);
        const without = text(params["NoPasswordRequired"]) === "true";
        if (params["AuthenticationMode"] !== undefined || passwords.length > 0 || without)
          user.authentication = authenticationOf(params["AuthenticationMode"], passwords, without);
        return userXml(call, user);
      }),
      DescribeUsers: action((params, call) => ({
        Users: { member: users.select(call, text(params["UserId"])).map((user) => userXml(call, user)) },
      })),
      DeleteUser: action((params, call) => {
        const user = users.remove(call, text(params["UserId"]));
        for (const group of groups.all(call)) group.users = group.users.filter((id) => id !== user.id);
        tags.drop(user.arn);
        return { ...userXml(call, user), Status: "deleting" };
      }),
      CreateUserGroup: action((params, call) => {
        const id = text(params["UserGroupId"]).toLowerCase();
        const group = groups.add(call, id, {
          id,
          engine: text(params["Engine"]).toLowerCase(),
          users: texts(params["UserIds"]),
          arn: arn(call, "usergroup", id),
        });
        tags.set(group.arn, tagsOf(params));
        return groupXml(group);
      }),
      ModifyUserGroup: action((params, call) => {
        const group = groups.get(call, text(params["UserGroupId"]));
        const without = texts(params["UserIdsToRemove"]);
        group.users = [
          ...group.users.filter((id) => !without.includes(id)),
          ...texts(params["UserIdsToAdd"]),
        ];
        return groupXml(group);
      }),
      DescribeUserGroups: action((params, call) => ({
        UserGroups: { member: groups.select(call, text(params["UserGroupId"])).map(groupXml) },
      })),
      DeleteUserGroup: action((params, call) => {
        const group = groups.remove(call, text(params["UserGroupId"]));
        tags.drop(group.arn);
        return { ...groupXml(group), Status: "deleting" };
      }),
    },
  };
};
