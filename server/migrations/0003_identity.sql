-- People, how they prove who they are, and the keys of programs. Secrets are stored as hashes only.

create table people (
  id            uuid primary key,
  email         text not null,
  name          text not null,
  role          text not null check (role in ('viewer', 'responder', 'editor', 'admin')),
  time_zone     text not null default 'UTC',
  -- scrypt with its parameters; null for people who sign in elsewhere or were not here yet.
  password_hash text,
  -- The account at the OpenID provider, once linked.
  issuer        text,
  subject       text,
  disabled_at   timestamptz,
  version       integer not null default 1,
  created_at    timestamptz not null default mainstay_now(),
  check ((issuer is null) = (subject is null))
);
create unique index identity_people_by_email on people (lower(email));
create unique index identity_people_by_account on people (issuer, subject) where subject is not null;
create index people_in_charge on people (name) where role = 'admin' and disabled_at is null;

-- Copied from the catalog's teams, so that one query answers who somebody is.
create table person_teams (
  -- Lower case. Not an id: a team may name people before their first sign-in.
  email text not null,
  team  text not null,
  primary key (email, team)
);

create table sessions (
  id           uuid primary key,
  token_hash   bytea not null unique,
  person_id    uuid not null references people on delete cascade,
  started_at   timestamptz not null default mainstay_now(),
  -- Written at most once a minute.
  seen_at      timestamptz not null default mainstay_now(),
  address      text not null,
  agent        text not null,
  -- How: password, oidc, link.
  method       text not null
);
create index sessions_of_person on sessions (person_id, started_at);

create table api_keys (
  id           uuid primary key,
  name         text not null,
  -- Found by its prefix, shown as prefix … last4.
  prefix       text not null unique,
  secret_hash  bytea not null,
  last4        text not null,
  role         text not null check (role in ('viewer', 'responder', 'editor', 'admin')),
  scopes       text[] not null,
  -- Of a service key. A personal key has the teams of its maker, as they are now.
  teams        text[] not null default '{}',
  -- A service key outlives its maker; a personal key never may more than its maker may now.
  service      boolean not null default false,
  created_by   uuid references people,
  created_at   timestamptz not null default mainstay_now(),
  expires_at   timestamptz,
  used_at      timestamptz,
  revoked_at   timestamptz
);
create index api_keys_of_person on api_keys (created_by);

-- One-time links: the first administrator, a lost password, an invitation.
create table setup_links (
  token_hash bytea primary key,
  purpose    text not null check (purpose in ('setup', 'recovery', 'invitation')),
  person_id  uuid references people on delete cascade,
  created_at timestamptz not null default mainstay_now(),
  expires_at timestamptz not null
);

-- Guesses in the current window, by account, by account and address, and by address. Counted before they are checked.
create table sign_in_attempts (
  key          text primary key,
  attempts     integer not null,
  window_start timestamptz not null
);
create index sign_in_attempts_old on sign_in_attempts (window_start);

-- Where somebody has signed in before: a guesser elsewhere cannot lock these out.
create table sign_in_places (
  person_id uuid not null references people on delete cascade,
  address   text not null,
  seen_at   timestamptz not null default mainstay_now(),
  primary key (person_id, address)
);

-- Sign-ins under way at the OpenID provider. Minutes old at most.
create table oidc_sign_ins (
  state_hash    bytea primary key,
  nonce         text not null,
  code_verifier text not null,
  return_to     text not null,
  created_at    timestamptz not null default mainstay_now()
);
