// Formats and states of senders, in words.
import type { IntakeSource } from '../../../../client/src/operations.gen.ts'
import type { Tone } from '../../parts/state-mark.tsx'

export type Format = IntakeSource['format']

export const formatWords: Readonly<Record<Format, string>> = {
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
  pagerduty: 'PagerDuty Events v2',
  opsgenie: 'Opsgenie alert API',
  cloudwatch: 'CloudWatch through SNS',
  datadog: 'Datadog',
  sentry: 'Sentry',
  zabbix: 'Zabbix',
  uptimekuma: 'Uptime Kuma',
  email: 'E-mail',
  heartbeat: 'Heartbeat of a job',
  generic: 'JSON of any shape',
}

export const formatList = Object.keys(formatWords).filter((each): each is Format => Object.hasOwn(formatWords, each))

export function sourceLook(source: Pick<IntakeSource, 'state' | 'orphans'>): { tone: Tone; word: string } {
  if (source.state === 'silent') return { tone: 'critical', word: 'Silent' }
  if (source.orphans > 0) return { tone: 'warning', word: 'Not understood' }
  if (source.state === 'receiving') return { tone: 'ok', word: 'Receiving' }
  return source.state === 'never' ? { tone: 'unknown', word: 'Not connected' } : { tone: 'unknown', word: 'Quiet' }
}

export const tokenPlaceholder = '<TOKEN>'

/** The set-up text with the token that was just made, or with the placeholder while nobody may see one. */
export const filledWith = (text: string, token: string | null): string =>
  token === null ? text : text.replaceAll(tokenPlaceholder, token)

/** A payload for reading: indented when it is JSON. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

export const mappingFields = [
  {
    name: 'alerts',
    label: 'List of alarms',
    hint: 'body.alerts — each becomes `item`. Empty: the payload is the alarm.',
  },
  { name: 'when', label: 'Only when', hint: 'item.type == "alert"' },
  { name: 'status', label: 'Firing or resolved', hint: 'item.state — or a condition that is true while it fires.' },
  { name: 'key', label: 'What names the problem', hint: 'item.id' },
  { name: 'summary', label: 'Summary', hint: 'item.title' },
  { name: 'severity', label: 'Severity', hint: 'item.level' },
  { name: 'service', label: 'Service', hint: 'item.tags.service' },
  { name: 'labels', label: 'Labels', hint: '{"host": item.host}' },
  { name: 'startsAt', label: 'Since', hint: 'item.started' },
  { name: 'link', label: 'Link', hint: 'item.url' },
] as const
export type MappingField = (typeof mappingFields)[number]['name']
export type Expressions = Readonly<Partial<Record<MappingField, string>>>

/** Without the fields that were left empty. */
export function filledMapping(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, text]) =>
      text === undefined || text.trim() === '' ? [] : [[name, text.trim()]],
    ),
  )
}
