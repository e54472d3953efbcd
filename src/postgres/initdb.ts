/** What the server and initdb get: no locale, no time zone and no path of the machine changes what is stored. */
export const SERVER_ENV = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** Unicode rules that are the same on every machine and need no library. */
const localeOf = (major: number): string[] =>
  major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] : ["--locale=C"];

/** initdb's arguments, after its program. The password is read from a file: an argument could be seen by other users. */
export const initdbArguments = (options: {
  data: string;
  superuser: string;
  passwordFile: string;
  major: number;
}): string[] => [
  ...["-D", options.data, "-U", options.superuser, `--pwfile=${options.passwordFile}`],
  ...["--auth=scram-sha-256", "--encoding=UTF8", ...localeOf(options.major)],
  // Older than 14 knows it under no name; what is supported begins with 15.
  "--no-instructions",
];
