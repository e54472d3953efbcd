import { jsonAnswer } from "./answers.ts";
import { jsonOf, type Answer } from "./call.ts";
import type { CallLog } from "./call-log.ts";
import type { FaultRule, Faults } from "./faults.ts";
import type { Received } from "./recognise.ts";
import { OVERRIDE } from "./terraform-override.ts";

export interface ControlDeps {
  log: CallLog;
  faults: Faults;
  reset(): Promise<void>;
}

/** The rig's own pages, for other processes than the one that started it. */
export const makeControl =
  ({ log, faults, reset }: ControlDeps) =>
  async ({ method, url, body }: Received): Promise<Answer | null> => {
    if (!url.startsWith("/_rig/")) return null;
    switch (`${method} ${url.slice("/_rig".length)}`) {
      case "GET /log":
        return jsonAnswer({ calls: log.calls() });
      case "GET /override.tf":
        return { status: 200, headers: { "content-type": "text/plain" }, body: Buffer.from(OVERRIDE) };
      case "POST /faults":
        faults.add(jsonOf({ body }) as unknown as FaultRule);
        return jsonAnswer({});
      case "DELETE /faults":
        faults.clear();
        return jsonAnswer({});
      case "POST /reset":
        await reset();
        return jsonAnswer({});
      default:
        return jsonAnswer(
          { message: "GET /_rig/log · GET /_rig/override.tf · POST, DELETE /_rig/faults · POST /_rig/reset" },
          { status: 404 },
        );
    }
  };
