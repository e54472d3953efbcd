/** Modes in which a client checks who the server is, which no relay can pass. */
const CHECKED = ["verify-ca", "verify-full"];

/** The same database address, on this machine's port. What would check the server's certificate is relaxed to "require". */
export const relayUrl = (target: string, port: number): string => {
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  for (const name of ["host", "port", "hostaddr", "sslrootcert", "sslcert", "sslkey"])
    url.searchParams.delete(name);
  if (CHECKED.includes(url.searchParams.get("sslmode") ?? "")) url.searchParams.set("sslmode", "require");
  return url.toString();
};
