import { z } from "zod";
import type { Duration, Memory, Percentage } from "../app-config.ts";
import { DURATION, durationMs, MEMORY, memoryMb, PERCENTAGE, shareOf } from "../units.ts";
import { leaf } from "./setting.ts";

/** The pattern keeps its place in the JSON Schema; only the static type becomes narrower. */
export const text = <T extends string>(pattern: RegExp): z.ZodType<T, T> =>
  z.string().regex(pattern) as unknown as z.ZodType<T, T>;

const NAME = /^[a-z][a-z0-9-]{0,30}$/;
const ENV_NAME = /^[A-Z_][A-Z0-9_]*$/;
/** Relative, forward slashes, no segment `..`, nothing that a shell or another system reads differently. */
const INSIDE = /^(?![/~])(?![A-Za-z]:)(?!(.*\/)?\.\.(\/|$))[^\\\p{Cc}]+$/u;
const GLOB = /^!?(?![/~!])(?![A-Za-z]:)(?!(.*\/)?\.\.(\/|$))[^\\\p{Cc}]+$/u;
const FILE_NAME = /^(?!\.\.?$)[^/\\\p{Cc}]+$/u;
const URL_PATH = /^\/[^\s#]*$/;
const ROUTE = /^\/([A-Za-z0-9_~.-]+\/)*(\*|[A-Za-z0-9_~.-]+)?$/;
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const COMMAND = /^(?!\s*$)[^\p{Cc}]+$/u;
const BRANCH = /^(?![-/.])[^\s~^:?*[\\\p{Cc}]+$/u;

export const name = leaf(text<string>(NAME), {
  expects: "a name: lower-case letters, digits and dashes, starting with a letter, at most 31",
  type: "name",
});
export const envName = leaf(text<string>(ENV_NAME), {
  expects: "the name of an environment variable: upper-case letters, digits and _",
  type: "VARIABLE_NAME",
});
export const folder = leaf(text<string>(INSIDE), {
  expects: 'a path inside the project, such as "api": relative, with forward slashes, without ..',
  type: "path",
});
export const glob = leaf(text<string>(GLOB), {
  expects: 'a glob inside the project, such as "dist/**": relative, with forward slashes, without ..',
  type: "glob",
});
export const fileName = leaf(text<string>(FILE_NAME), {
  expects: 'a file name, such as "index.html", without a folder',
  type: "file name",
});
export const urlPath = leaf(text<string>(URL_PATH), {
  expects: 'the path of a request, such as "/health": it starts with /',
  type: "path of a request",
});
export const route = leaf(text<string>(ROUTE), {
  expects: 'a route: "/*", one that ends in /* such as "/api/*", or an exact path such as "/status"',
  type: "route",
});
export const hostName = leaf(text<string>(HOST_NAME), {
  expects: 'a host name, such as "www.example.com": lower case, without https://',
  type: "host name",
});
export const command = leaf(text<string>(COMMAND), {
  expects: 'one command line, such as "node server.js"',
  type: "command line",
});
export const branch = leaf(text<string>(BRANCH), { expects: 'a git branch, such as "main"', type: "branch" });
export const bucketName = leaf(
  text<string>(/^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  {
    expects:
      'the name of a bucket, such as "my-app-store": 3 to 63 lower-case letters, digits, dots and dashes',
    type: "bucket name",
  },
);
export const keyPrefix = leaf(
  text<string>(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*\/?$/),
  {
    expects: 'a folder of keys, such as "switchback/my-app": letters, digits, dots, _ and - between slashes',
    type: "folder of keys",
  },
);
export const region = leaf(text<string>(/^[a-z0-9]+(-[a-z0-9]+)*$/), {
  expects: 'an AWS region, such as "eu-north-1"',
  type: "region",
});
/** Credentials in an address would be in the clear. */
export const endpoint = leaf(text<string>(/^https?:\/\/[^\s/@?#]+(\/[^\s@?#]*)?$/), {
  expects: 'the address of a server, such as "https://s3.example.com", without credentials',
  type: "address",
});
export const kmsKey = leaf(text<string>(/^[A-Za-z0-9:/_-]+$/), {
  expects: 'a KMS key: its ARN, its id, or an alias such as "alias/store"',
  type: "KMS key",
});
export const words = leaf(text<string>(/\S/), { expects: "text", type: "text" });
/** The lookup by day and month is zod's: 30 February is refused. */
export const moment = leaf(z.iso.datetime({ offset: true }), {
  expects: 'a moment in ISO 8601 with offset, such as "2026-12-24T18:00:00+01:00"',
  type: "ISO 8601",
});
export const flag = leaf(z.boolean(), { expects: "true or false", type: "true or false" });

export const whole = ({ min, max, unit = "" }: { min: number; max: number; unit?: string }) =>
  leaf(z.int().min(min).max(max), {
    expects: `a whole ${unit === "" ? "number" : `number of ${unit}`} from ${min} to ${max}`,
    type: "number",
  });

const DURATION_FORMS = '"500ms", "5s", "10m", "1h", or a number of milliseconds';

export const duration = ({ min, max }: { min: Duration; max: Duration }) =>
  leaf(
    z
      .union([z.number().min(0), text<Exclude<Duration, number>>(DURATION)])
      .refine((value) => isBetween(durationMs(value), durationMs(min), durationMs(max)), {
        error: `must be from ${min} to ${max}`,
      }),
    { expects: `a duration: ${DURATION_FORMS}`, type: "duration" },
  );

/** A number below 0 has been refused already, for what it is. */
const isBetween = (value: number, min: number, max: number): boolean =>
  value < 0 || (value >= min && value <= max);

export const memory = leaf(
  text<Memory>(MEMORY).refine((value) => memoryMb(value) >= 32 && memoryMb(value) <= 122_880, {
    error: "must be from 32MB to 120GB",
  }),
  { expects: 'an amount of memory, such as "256MB" or "1GB"', type: "memory" },
);

export const percentage = leaf(
  z
    .union([z.number().min(0), text<Exclude<Percentage, number>>(PERCENTAGE)])
    .refine((value) => shareOf(value) <= 1, { error: 'must be at most "100%" (as a number: 1)' }),
  { expects: 'a percentage such as "1%", or a share such as 0.01', type: "percentage" },
);

/** Below, instances would come and go all the time; above, the load is not seen in time. */
export const cpuLoad = leaf(
  z
    .union([z.number().min(0), text<Exclude<Percentage, number>>(PERCENTAGE)])
    .refine((value) => shareOf(value) >= 0.1 && shareOf(value) <= 0.9, {
      error: 'must be from "10%" to "90%" (as a number: 0.1 to 0.9)',
    }),
  { expects: 'a percentage such as "60%", or a share such as 0.6', type: "percentage" },
);

const value = leaf(z.union([z.string(), z.number(), z.boolean()]), {
  expects: "text, a number, or true or false",
  type: "text, number, or true or false",
});
const settingName = leaf(text<string>(/^[A-Za-z_][A-Za-z0-9_.-]*$/), {
  expects: "the name of a setting: letters, digits, _, . and -",
  type: "name",
});

export const env = z.record(envName, value);
export const siteSettings = z.record(settingName, value);
