import type { Role } from "../api/contract.ts";
import { Notice } from "../shell/notice.tsx";
import { useAction } from "../shell/use-action.ts";
import { demoAccounts } from "./demo-accounts.ts";
import { signIn } from "./entry.ts";
import { useSession } from "./session.tsx";

export function DemoButtons() {
  const { start } = useSession();
  const { pending, error, run } = useAction();
  const enter = (role: Role) => void run(async () => start(await signIn(demoAccounts[role])));
  return (
    <section className="demo" aria-label="Demo accounts">
      <p>Just looking? Each demo account is ready to use.</p>
      <div className="button-row">
        <button
          type="button"
          className="button-quiet"
          data-testid="demo-rider"
          disabled={pending}
          onClick={() => enter("rider")}
        >
          Use the demo rider
        </button>
        <button
          type="button"
          className="button-quiet"
          data-testid="demo-driver"
          disabled={pending}
          onClick={() => enter("driver")}
        >
          Use the demo driver
        </button>
      </div>
      {error && <Notice tone="error">{error}</Notice>}
    </section>
  );
}
