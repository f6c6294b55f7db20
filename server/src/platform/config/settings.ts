// Every setting of the server: name, meaning, default. The reference page and `mainstay config` are made from this table.
import { nameHost } from '../database/database-url.ts'

export interface Setting {
  readonly name: string
  readonly summary: string
  readonly default: string | null
  /** Secrets are never printed and may come from a file named by `<name>_FILE`. */
  readonly secret?: true
  /** Null when the text is right, else what is wrong and the way out. */
  readonly check?: (text: string) => string | null
}

const integer = (min: number, max: number) => (text: string) =>
  /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max
    ? null
    : `must be a whole number from ${min} to ${max}`
const flag = (text: string) => (text === 'true' || text === 'false' ? null : 'must be true or false')
const url =
  (...schemes: string[]) =>
  (text: string) =>
    URL.canParse(text) && schemes.includes(new URL(text).protocol)
      ? null
      : `must be a URL that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`

const days = (min: number) => (text: string) =>
  text === 'forever' || integer(min, 36_500)(text) === null
    ? null
    : `must be a whole number of days from ${min} to 36500, or forever`

/** `0.30 EUR`: what a million samples cost. */
export const samplePrice = /^(\d{1,9}(?:\.\d{1,6})?) ([A-Z]{3})$/

export const settings = [
  { name: 'MAINSTAY_HOST', summary: 'Address to listen on.', default: '127.0.0.1' },
  {
    name: 'MAINSTAY_PORT',
    summary: 'Port to listen on; 0 takes a free one.',
    default: '8420',
    check: integer(0, 65_535),
  },
  {
    name: 'MAINSTAY_PUBLIC_URL',
    summary: 'How people and senders reach the server; links in pages start with it. Default: http://HOST:PORT.',
    default: null,
    check: url('http:', 'https:'),
  },
  {
    name: 'MAINSTAY_DATA_DIR',
    summary:
      'Folder of the embedded PostgreSQL, keys and the lock. Default: ~/.local/share/mainstay, /var/lib/mainstay for root.',
    default: null,
  },
  {
    name: 'DATABASE_URL',
    summary:
      'A PostgreSQL (13 to 18) of yours instead of the embedded one: postgres://user@host:5432/mainstay?sslmode=verify-full. Several hosts (a,b) are one cluster; its primary is followed.',
    default: null,
    secret: true,
    check: (text: string) => url('postgres:', 'postgresql:')(nameHost(text)),
  },
  {
    name: 'MAINSTAY_DATABASE_POOL',
    summary: 'Connections one process holds at most.',
    default: '20',
    check: integer(4, 500),
  },
  {
    name: 'MAINSTAY_ROLES',
    summary: 'What this process does: api, worker, scheduler, separated by commas.',
    default: 'api,worker,scheduler',
    check: (text: string) =>
      text.split(',').every((role) => ['api', 'worker', 'scheduler'].includes(role))
        ? null
        : 'must be api, worker, scheduler or several of them, separated by commas',
  },
  {
    name: 'MAINSTAY_LOG_LEVEL',
    summary: 'debug, info, warn, error or silent.',
    default: 'info',
    check: (text: string) =>
      ['debug', 'info', 'warn', 'error', 'silent'].includes(text) ? null : 'must be debug, info, warn, error or silent',
  },
  {
    name: 'MAINSTAY_TRUST_PROXY',
    summary: 'true behind a reverse proxy that sets X-Forwarded-For.',
    default: 'false',
    check: flag,
  },
  {
    name: 'MAINSTAY_KEY_FILE',
    summary: 'Key that seals stored secrets. Default: key in the data folder, made at the first start.',
    default: null,
  },
  {
    name: 'MAINSTAY_SMTP_URL',
    summary: 'Mail server for pages: smtp://user:password@host:587 or smtps://….',
    default: null,
    secret: true,
    check: url('smtp:', 'smtps:'),
  },
  { name: 'MAINSTAY_MAIL_FROM', summary: 'Sender of pages by mail.', default: 'Mainstay <mainstay@localhost>' },
  {
    name: 'MAINSTAY_OIDC_ISSUER',
    summary: 'OpenID Connect issuer for single sign-on.',
    default: null,
    check: url('https:', 'http:'),
  },
  { name: 'MAINSTAY_OIDC_CLIENT_ID', summary: 'Client id at the issuer.', default: null },
  { name: 'MAINSTAY_OIDC_CLIENT_SECRET', summary: 'Client secret at the issuer.', default: null, secret: true },
  {
    name: 'MAINSTAY_OIDC_DEFAULT_ROLE',
    summary: 'Role of people who sign in for the first time: viewer, responder, editor or admin.',
    default: 'viewer',
    check: (text: string) =>
      ['viewer', 'responder', 'editor', 'admin'].includes(text) ? null : 'must be viewer, responder, editor or admin',
  },
  {
    name: 'MAINSTAY_OIDC_ROLE_CLAIM',
    summary: 'Claim that lists a person’s groups; their roles then follow the provider. Default: roles are given here.',
    default: null,
  },
  {
    name: 'MAINSTAY_OIDC_ROLE_MAP',
    summary: 'Which group has which role, the highest counts: sre=admin,developers=editor.',
    default: null,
    check: (text: string) =>
      text.split(',').every((pair) => /^[^=,]+=(viewer|responder|editor|admin)$/.test(pair.trim()))
        ? null
        : 'must be group=role pairs with viewer, responder, editor or admin, separated by commas',
  },
  {
    name: 'MAINSTAY_EGRESS_ALLOW',
    summary:
      'Internal targets a connector may reach: connector=CIDR:port[,…];… such as webhook=10.2.0.0/16:443;smtp=127.0.0.1/32:25.',
    default: null,
  },
  {
    name: 'MAINSTAY_OTLP_GRPC_PORT',
    summary:
      'Port for OTLP metrics over gRPC on MAINSTAY_HOST, usually 4317; not encrypted, so keep it inside or behind a proxy. Default: none; OTLP over HTTP needs no port of its own.',
    default: null,
    check: integer(1, 65_535),
  },
  {
    name: 'MAINSTAY_MAIL_PORT',
    summary:
      'Port for alarms by mail (SMTP) on MAINSTAY_HOST, usually 2525 behind a mail server or 25. Default: none, mails are not taken.',
    default: null,
    check: integer(1, 65_535),
  },
  {
    name: 'MAINSTAY_MAIL_DOMAIN',
    summary: 'What stands behind the @ of addresses for alarms. Default: the host of MAINSTAY_PUBLIC_URL.',
    default: null,
    check: (text: string) =>
      /^[a-z0-9.-]{1,253}$/i.test(text) ? null : 'must be a host name such as alarms.example.com',
  },
  {
    name: 'MAINSTAY_MAIL_TLS_CERT',
    summary: 'PEM file of the certificate for STARTTLS on MAINSTAY_MAIL_PORT; without it mails come unencrypted.',
    default: null,
  },
  {
    name: 'MAINSTAY_MAIL_TLS_KEY',
    summary: 'PEM file of its private key.',
    default: null,
  },
  {
    name: 'MAINSTAY_EGRESS_CA',
    summary:
      'Certificate authorities a connector trusts beside the public ones: connector=PEM file;… such as prometheus:main=/etc/ssl/company.pem.',
    default: null,
  },
  {
    name: 'MAINSTAY_HEARTBEAT_URL',
    summary:
      'Asked every minute while paging works, for a watchdog outside (healthchecks.io or your own); inside targets need heartbeat=CIDR:port.',
    default: null,
    secret: true,
    check: url('https:', 'http:'),
  },
  {
    name: 'MAINSTAY_KEEP_PAGES_DAYS',
    summary:
      'How many days pages, escalations and messages with their attempts are kept after the alert is over; at least 90, or forever.',
    default: '400',
    check: days(90),
  },
  {
    name: 'MAINSTAY_KEEP_TRACES_DAYS',
    summary:
      'How many days it can be answered why an alert was told, held or joined, counted from its end; at least 90, or forever.',
    default: '400',
    check: days(90),
  },
  {
    name: 'MAINSTAY_KEEP_WORK_DAYS',
    summary: 'How many days work that failed for good waits to be retried or dropped; at least 7, or forever.',
    default: '90',
    check: days(7),
  },
  {
    name: 'MAINSTAY_KEEP_ALERTS_DAYS',
    summary:
      'How many days alerts of no incident are kept after their end, but never shorter than their pages and traces; forever (the default) or at least 90.',
    default: 'forever',
    check: days(90),
  },
  {
    name: 'MAINSTAY_KEEP_INCIDENTS_DAYS',
    summary:
      'How many days resolved incidents are kept with their published postmortems; forever (the default) or at least 365. The journal is never cut.',
    default: 'forever',
    check: days(365),
  },
  {
    name: 'MAINSTAY_KEEP_SIGNAL_MINUTES_DAYS',
    summary:
      'How many days golden signals of services are kept by the minute, and what each metric cost; at least 1, or forever, and never longer than their hours.',
    default: '14',
    check: days(1),
  },
  {
    name: 'MAINSTAY_KEEP_SIGNAL_HOURS_DAYS',
    summary: 'How many days golden signals of services are kept by the hour; at least 1, or forever.',
    default: '400',
    check: days(1),
  },
  {
    name: 'MAINSTAY_KEEP_COUNT_MINUTES_DAYS',
    summary:
      'How many days what objectives count is kept by the minute; 35 to 4000. An objective with a longer window or under an agreement keeps its own longer.',
    default: '35',
    check: integer(35, 4_000),
  },
  {
    name: 'MAINSTAY_KEEP_COUNTS_DAYS',
    summary:
      'How many days what objectives count is kept by the quarter of an hour, for reports of months, quarters and years; at least 100, or forever.',
    default: '1200',
    check: days(100),
  },
  {
    name: 'MAINSTAY_SAMPLE_PRICE',
    summary:
      'What a million samples cost you where they are stored, such as 0.30 EUR; Coverage then says what each service costs. Default: no price is shown.',
    default: null,
    check: (text: string) => (samplePrice.test(text) ? null : 'must be an amount and a currency, such as 0.30 EUR'),
  },
  {
    name: 'MAINSTAY_CONFIG_FILE',
    summary: 'A YAML file with any of these settings; the environment wins.',
    default: null,
  },
  {
    name: 'MAINSTAY_MIGRATIONS_FOLDER',
    summary: 'Where the migrations lie when not beside the program.',
    default: null,
  },
] as const satisfies readonly Setting[]

export type SettingName = (typeof settings)[number]['name']
