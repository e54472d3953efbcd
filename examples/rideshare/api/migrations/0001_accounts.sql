-- Up Migration
create table accounts (
  id uuid primary key default gen_random_uuid(),
  role text not null check (role in ('rider', 'driver')),
  name text not null check (length(name) between 1 and 80),
  email text not null check (email = lower(email)),
  password_hash text not null,
  created_at timestamptz not null default now(),
  constraint accounts_email unique (email)
);

-- Tokens are never stored: token_hash is their HMAC under the session secret.
create table sessions (
  token_hash bytea primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_expiry on sessions (expires_at);
create index sessions_account on sessions (account_id);

-- Down Migration
drop table sessions;
drop table accounts;
