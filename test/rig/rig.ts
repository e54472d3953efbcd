import { bridgeCbor } from "./cbor-bridge.ts";
import { makeCallLog, type CallLog } from "./call-log.ts";
import { makeControl } from "./control.ts";
import { makeFaults, type Faults } from "./faults.ts";
import type { MakeGap } from "./gap.ts";
import { GAPS } from "./gaps/index.ts";
import { startMotoServer } from "./moto-server.ts";
import { startProxy } from "./proxy.ts";

export interface RigOptions {
  /** Of the proxy. Default 0: a free one. */
  port?: number;
  region?: string;
  /** Every call as a line of JSON. */
  logFile?: string;
  /** AWS's own IAM policies exist. Default true; without them a reset takes milliseconds instead of half a second. */
  managedPolicies?: boolean;
  /** Asked before the gaps: here a test or a later model takes actions over. */
  models?: MakeGap[];
}

export interface Rig {
  /** `http://127.0.0.1:PORT` */
  url: string;
  region: string;
  account: string;
  /** For a child process: everything of AWS goes to the rig. */
  env: Record<string, string>;
  log: CallLog;
  faults: Faults;
  /** Nothing exists any more, no fault is left, and the log is empty. What hangs is cut off. */
  reset(): Promise<void>;
  /** Resolves when moto has ended and the port is free. */
  close(): Promise<void>;
  /** Of moto, for those who prove that it ended. */
  motoPid: number;
}

/** moto's account. */
const ACCOUNT = "123456789012";

export const envFor = (url: string, region: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: "rig",
  AWS_SECRET_ACCESS_KEY: "rig",
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EC2_METADATA_DISABLED: "true",
  // No profile of the person's is read.
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_PAGER: "",
});

/** moto behind a proxy that fills its gaps, injects faults and logs. Several run side by side; nothing but loopback is used. */
export const startRig = async (options: RigOptions = {}): Promise<Rig> => {
  const { region = "eu-north-1" } = options;
  let ids = 0;
  const now = () => new Date();
  const context = { account: ACCOUNT, now, nextId: () => (ids += 1) };
  const gaps = [...(options.models ?? []), ...GAPS].map((make) => make(context));
  const log = makeCallLog({ ...(options.logFile === undefined ? {} : { file: options.logFile }), now });
  const { decide, ...faults } = makeFaults();
  const moto = await startMotoServer({
    MOTO_ACM_VALIDATION_WAIT: "0",
    MOTO_IAM_LOAD_MANAGED_POLICIES: String(options.managedPolicies ?? true),
  });
  let proxy: Awaited<ReturnType<typeof startProxy>> | null = null;
  const reset = async () => {
    faults.clear();
    proxy?.drop();
    await moto.reset();
    for (const gap of gaps) gap.reset();
    ids = 0;
    log.clear();
  };
  const control = makeControl({ log, faults, reset });
  const started = await startProxy({
    moto: bridgeCbor(moto.ask),
    gaps,
    decide,
    open: log.open,
    control,
    port: options.port ?? 0,
  }).catch(async (error: unknown) => {
    await moto.close();
    throw error;
  });
  proxy = started;
  return {
    url: started.url,
    region,
    account: ACCOUNT,
    env: envFor(started.url, region),
    log,
    faults,
    reset,
    close: async () => {
      await started.close();
      for (const gap of gaps) gap.reset();
      await moto.close();
    },
    motoPid: moto.pid,
  };
};
