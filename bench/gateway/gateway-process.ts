import { performance } from "node:perf_hooks";
import { makeGateway } from "../../src/adapters/local/gateway/gateway.ts";
import type { GatewayHost } from "../../src/adapters/local/gateway/types.ts";

/**
 * The gateway as the supervisor runs it, alone in a process. The first argument is its port. A line on stdin is
 * `{"hosts": …, "drain": [ids]}`; "drained N" follows when N requests were left. Ends with its stdin.
 */
const gateway = makeGateway({
  clock: {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  },
});

const obey = async (line: string): Promise<void> => {
  const { hosts, drain } = JSON.parse(line) as { hosts: GatewayHost[]; drain: string[] };
  gateway.configure(hosts);
  process.stdout.write(`drained ${await gateway.drain(drain, { timeoutMs: 10_000 })}\n`);
};

let pending = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => {
  pending += text;
  const lines = pending.split("\n");
  pending = lines.pop() ?? "";
  for (const line of lines) void obey(line);
});
process.stdin.on("end", () => process.exit(0));
const { port } = await gateway.listen({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(`listening ${port}\n`);
