import type { FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import type { Account, Role } from "../accounts/accounts.ts";
import type { Sessions } from "../accounts/sessions.ts";
import { AppError } from "../app-error.ts";

const signedIn = new WeakMap<FastifyRequest, { account: Account; token: string }>();

/** A hook that lets only signed-in people through, and only those of a role if one is given. Runs before the body is read. */
export const makeGuard =
  (sessions: Sessions) =>
  (role?: Role): { onRequest: onRequestAsyncHookHandler } => ({
    onRequest: async (request) => {
      const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
      const account = token === undefined ? null : await sessions.find(token);
      if (token === undefined || !account) {
        throw new AppError("UNAUTHENTICATED", "Sign in first: the token is missing, unknown or expired.");
      }
      if (role && account.role !== role) throw new AppError("FORBIDDEN", `Only a ${role} can do this.`);
      signedIn.set(request, { account, token });
    },
  });

export type Guard = ReturnType<typeof makeGuard>;

/** The account behind a request that went through the guard. */
export const accountOf = (request: FastifyRequest): Account => found(request).account;
export const tokenOf = (request: FastifyRequest): string => found(request).token;

const found = (request: FastifyRequest) => {
  const entry = signedIn.get(request);
  if (!entry) throw new Error(`${request.routeOptions.url} has no sign-in guard`);
  return entry;
};
