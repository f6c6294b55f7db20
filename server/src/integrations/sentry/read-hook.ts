// Webhooks of Sentry's integration platform: metric alerts, issue alerts, and what happens to issues.
// Source: docs.sentry.io, Integration Platform, Webhooks (issue-alerts, metric-alerts, issues).
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { nothingToDo, type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'

export function readSentry({ body, headers }: Payload): Reading {
  if (!isJsonObject(body)) return unread('The body is no object.')
  const data = isJsonObject(body.data) ? body.data : null
  const action = textOf(body.action)
  if (data === null || action === null) return unread('It has no action and data, as webhooks of an integration do.')
  if (isJsonObject(data.metric_alert)) return readMetricAlert(action, data, data.metric_alert)
  if (isJsonObject(data.event)) return readIssueAlert(data, data.event)
  if (isJsonObject(data.issue)) return readIssue(action, data.issue)
  const resource = headers['sentry-hook-resource'] ?? ''
  // Installations, comments and single errors are no alarms.
  if (['installation', 'comment', 'error', 'seer'].includes(resource) || isJsonObject(data.installation))
    return nothingToDo(`${resource === '' ? 'installation' : resource}: ${action}`)
  return unread(`It is about "${resource.slice(0, 40)}", which is neither an alert nor an issue.`)
}

function readMetricAlert(action: string, data: JsonObject, alert: JsonObject): Reading {
  const id = textOf(alert.id)
  if (id === null) return unread('Its metric alert has no id.')
  if (!['critical', 'warning', 'resolved'].includes(action))
    return unread(`Its action "${action.slice(0, 40)}" is not known.`)
  const rule = isJsonObject(alert.alert_rule) ? alert.alert_rule : {}
  const link = textOf(data.web_url) ?? textOf(alert.web_url)
  const projects = listOf(alert.projects).flatMap((each) => textOf(each) ?? [])
  return one({
    status: action === 'resolved' ? 'resolved' : 'firing',
    dedupKey: `metric-alert:${id}`,
    summary: textOf(data.description_title) ?? textOf(alert.title) ?? textOf(rule.name),
    severity: action === 'resolved' ? null : action,
    labels: labelsOf({ alertname: rule.name, project: projects[0], environment: rule.environment }),
    annotations: notesOf({ description: data.description_text }),
    startsAt: action === 'resolved' ? null : timeOf(alert.date_started),
    links: link === null ? [] : [{ href: link, text: 'The alert in Sentry' }],
  })
}

function readIssueAlert(data: JsonObject, event: JsonObject): Reading {
  const issue = textOf(event.issue_id)
  const group = issue ?? textOf(event.groupID) ?? textOf(event.event_id)
  if (group === null) return unread('Its event names no issue.')
  const tags = tagsOf(event.tags)
  const link = textOf(event.web_url)
  return one({
    status: 'firing',
    dedupKey: `issue:${group}`,
    summary: textOf(event.title) ?? textOf(event.message),
    severity: textOf(event.level),
    service: tags.service ?? null,
    labels: {
      ...labelsOf({ alertname: data.triggered_rule, culprit: event.culprit, platform: event.platform }),
      ...labelsOf({ environment: tags.environment, release: tags.release, project: event.project }),
    },
    annotations: notesOf({ culprit: event.culprit }),
    startsAt: timeOf(event.datetime),
    links: link === null ? [] : [{ href: link, text: 'The event in Sentry' }],
  })
}

/** An issue alone is no alarm, an alert rule makes it one; but its end is the end of the alarm. */
function readIssue(action: string, issue: JsonObject): Reading {
  const id = textOf(issue.id)
  if (id === null) return unread('Its issue has no id.')
  if (!['resolved', 'archived', 'ignored'].includes(action)) return nothingToDo(`The issue was ${action.slice(0, 40)}.`)
  const project = isJsonObject(issue.project) ? issue.project : {}
  return one({
    status: 'resolved',
    dedupKey: `issue:${id}`,
    summary: textOf(issue.title),
    severity: textOf(issue.level),
    labels: labelsOf({ project: project.slug }),
  })
}

const one = (signal: Reading['signals'][number]): Reading => ({ signals: [signal], unread: [] })

/** Tags come as pairs: [["environment", "prod"]]. */
function tagsOf(given: JsonValue | undefined): Record<string, string> {
  return Object.fromEntries(
    listOf(given).flatMap((pair) => {
      const [name, value] = Array.isArray(pair) ? pair : []
      const key = textOf(name)
      const text = textOf(value)
      return key === null || text === null ? [] : [[key, text]]
    }),
  )
}

const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : [])

const labelsOf = (given: Readonly<Record<string, JsonValue | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const text = textOf(value)
      return text === null ? [] : [[name, text.slice(0, 2_048)]]
    }),
  )
const notesOf = labelsOf

function textOf(value: JsonValue | undefined): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** With or without a zone; Sentry means UTC. */
function timeOf(value: JsonValue | undefined): Instant | null {
  if (typeof value !== 'string') return null
  return parseInstant(/[zZ]|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`)
}
