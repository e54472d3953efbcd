import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Written into `folder`; each returns the command that runs in the foreground. The settings are what their manuals advise for a keep-alive proxy. */
const nginxHead = (folder: string, name: string, master: boolean): string => `
worker_processes 1; daemon off; master_process ${master ? "on" : "off"};
pid ${folder}/${name}.pid; error_log ${folder}/${name}.log crit; worker_rlimit_nofile 8192;
events { worker_connections 4096; }`;

const temporary = (folder: string): string =>
  ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(" ");

export const nginxUpstream = (folder: string, port: number): string[] => {
  const name = `upstream-${port}`;
  writeFileSync(join(folder, "body.txt"), "x".repeat(1_024));
  writeFileSync(
    join(folder, `${name}.conf`),
    `${nginxHead(folder, name, false)}
http { access_log off; ${temporary(folder)} keepalive_requests 1000000000; keepalive_timeout 1h; open_file_cache max=10;
  server { listen 127.0.0.1:${port} backlog=1024; root ${folder}; location / { try_files /body.txt =404; } } }`,
  );
  return ["nginx", "-c", join(folder, `${name}.conf`)];
};

export const nginxProxy = (
  folder: string,
  name: string,
  ports: { own: number; upstream: number },
): string[] => {
  writeFileSync(
    join(folder, `${name}.conf`),
    `${nginxHead(folder, name, name === "nginx-reload")}
http { access_log off; ${temporary(folder)} keepalive_requests 1000000000; keepalive_timeout 1h;
  upstream up { server 127.0.0.1:${ports.upstream}; keepalive 128; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:${ports.own} backlog=1024; location / {
    proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $http_host; } } }`,
  );
  return ["nginx", "-c", join(folder, `${name}.conf`)];
};

export const haproxy = (folder: string, ports: { own: number; upstream: number }): string[] => {
  writeFileSync(
    join(folder, "haproxy.cfg"),
    `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout client 1h
  timeout server 1h
  timeout connect 2s
  http-reuse always
  option forwardfor
frontend front
  bind 127.0.0.1:${ports.own}
  default_backend up
backend up
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  server one 127.0.0.1:${ports.upstream}
`,
  );
  return ["haproxy", "-db", "-f", join(folder, "haproxy.cfg")];
};

export const caddy = (folder: string, ports: { own: number; upstream: number }): string[] => {
  writeFileSync(
    join(folder, "Caddyfile"),
    `{
  admin off
  auto_https off
  log {
    level ERROR
  }
  storage file_system ${folder}/caddy
}
http://127.0.0.1:${ports.own} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${ports.upstream} {
    transport http {
      keepalive_idle_conns_per_host 128
    }
  }
}
`,
  );
  return ["caddy", "run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")];
};
