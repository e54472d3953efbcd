import type { Account, Accounts } from "../../accounts/accounts.ts";
import type { Sessions } from "../../accounts/sessions.ts";
import type { Drivers } from "../../drivers/drivers.ts";
import type { App } from "../app-type.ts";
import { Credentials, NewDriver, NewRider } from "../schemas.ts";
import { accountOf, tokenOf, type Guard } from "../sign-in-guard.ts";

export interface AccountDeps {
  accounts: Accounts;
  sessions: Sessions;
  drivers: Drivers;
  guard: Guard;
}

export const accountRoutes = (app: App, { accounts, sessions, drivers, guard }: AccountDeps): void => {
  const signIn = async (account: Account) => ({ ...(await sessions.open(account.id)), account });

  app.post("/api/riders", { schema: { body: NewRider } }, async ({ body }, reply) =>
    reply.code(201).send(await signIn(await accounts.addRider(body))),
  );
  app.post("/api/drivers", { schema: { body: NewDriver } }, async ({ body }, reply) =>
    reply.code(201).send(await signIn(await accounts.addDriver(body))),
  );
  app.post("/api/sessions", { schema: { body: Credentials } }, async ({ body }) =>
    signIn(await accounts.withCredentials(body.email, body.password)),
  );
  app.delete("/api/sessions", guard(), async (request, reply) => {
    await sessions.close(tokenOf(request));
    return reply.code(204).send();
  });
  app.get("/api/me", guard(), async (request) => {
    const account = accountOf(request);
    return account.role === "driver" ? { account, driver: await drivers.profile(account.id) } : { account };
  });
};
