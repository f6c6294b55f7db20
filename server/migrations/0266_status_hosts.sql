-- Under which host name of its own a status page answers, and since when that was seen in its DNS.
create table status_hosts (
  page           text primary key,
  host           text not null,
  -- What its TXT record says.
  token          text not null,
  -- Null until its DNS says that it is for this page.
  verified_at    timestamptz,
  checked_at     timestamptz,
  -- What the last look found wrong, and since when; a page stays for three days.
  because        text,
  failing_since  timestamptz
);
create index status_hosts_by_host on status_hosts (host);
