import type { Liveness } from "../../src/ports/liveness.ts";

/** One process of a machine on which the test says who lives. */
export const makeFakeLiveness = (pid: number, dead: Set<number>, machine = "one"): Liveness => ({
  self: () => ({ actor: `p${pid}@${machine}`, machine, pid, started: "0" }),
  look: (identity) => (identity.machine !== machine ? "unknown" : dead.has(identity.pid) ? "dead" : "alive"),
});
