// The senders we understand, and what differs between them before a payload is read: where the proof of the sender
// stands, what their keys look like, and which refusal makes them try again.

export const formats = [
  'generic',
  'alertmanager',
  'grafana',
  'pagerduty',
  'opsgenie',
  'cloudwatch',
  'datadog',
  'sentry',
  'zabbix',
  'uptimekuma',
  'email',
  'heartbeat',
] as const
export type Format = (typeof formats)[number]

export interface FormatFacts {
  readonly title: string
  /** What clients of the sender expect a key to look like. */
  readonly token: 'ours' | 'routing-key' | 'uuid'
  /** Whether a shared secret can sign its deliveries, and how. `sns`: Amazon's own certificate. */
  readonly signature: 'none' | 'chosen' | 'grafana' | 'sentry' | 'sns'
  /**
   * What makes this sender try the same delivery again soon. Alertmanager and Grafana give a batch up on 429
   * (measured on Alertmanager 0.25: 503 came again after 0.4 s, 429 only at the next group interval).
   */
  readonly busy: 429 | 503
}

export const formatFacts: Readonly<Record<Format, FormatFacts>> = {
  generic: { title: 'JSON of any shape', token: 'ours', signature: 'chosen', busy: 503 },
  alertmanager: { title: 'Alertmanager', token: 'ours', signature: 'none', busy: 503 },
  grafana: { title: 'Grafana', token: 'ours', signature: 'grafana', busy: 503 },
  pagerduty: { title: 'PagerDuty Events v2', token: 'routing-key', signature: 'none', busy: 429 },
  opsgenie: { title: 'Opsgenie alert API', token: 'uuid', signature: 'none', busy: 429 },
  cloudwatch: { title: 'CloudWatch through SNS', token: 'ours', signature: 'sns', busy: 503 },
  datadog: { title: 'Datadog', token: 'ours', signature: 'none', busy: 503 },
  sentry: { title: 'Sentry', token: 'ours', signature: 'sentry', busy: 503 },
  zabbix: { title: 'Zabbix', token: 'ours', signature: 'none', busy: 503 },
  uptimekuma: { title: 'Uptime Kuma', token: 'ours', signature: 'none', busy: 503 },
  email: { title: 'E-mail', token: 'routing-key', signature: 'none', busy: 503 },
  heartbeat: { title: 'Heartbeat', token: 'ours', signature: 'none', busy: 503 },
}

export function readFormat(text: unknown): Format | null {
  return formats.find((each) => each === text) ?? null
}
