// CloudWatch alarms inside an SNS notification, and their events through EventBridge. Other messages are unread.
// Source: CloudWatch User Guide, "Notifying users on alarm changes" and "Alarm events and EventBridge".
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { nothingToDo, type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'

interface Alarm {
  readonly name: string
  readonly arn: string
  readonly state: string
  readonly reason: string | null
  readonly description: string | null
  readonly at: string | null
  readonly region: string | null
  readonly account: string | null
  readonly trigger: JsonObject
}

export function readCloudWatch({ body }: Payload): Reading {
  if (!isJsonObject(body)) return unread('The body is no object.')
  if (body.Type === 'UnsubscribeConfirmation') return nothingToDo('The topic was unsubscribed.')
  const text = textOf(body.Message)
  if (text === null) return unread('It has no Message.')
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return unread(`Its message is a text, not an alarm: ${text.slice(0, 200)}`)
  }
  if (!isJsonObject(message)) return unread('Its message is no object.')
  // What SNS sends when CloudWatch is subscribed for the first time.
  const alarm = readAlarm(message) ?? readEvent(message)
  if (alarm === null) return unread('Its message is no alarm of CloudWatch.')
  if (alarm.state === 'INSUFFICIENT_DATA')
    // Unknown is not good: what is open stays open.
    return nothingToDo(`${alarm.name} has not enough data; nothing was changed.`)
  if (alarm.state !== 'ALARM' && alarm.state !== 'OK')
    return unread(`Its state "${alarm.state.slice(0, 40)}" is not known.`)
  const dimensions = readDimensions(alarm.trigger.Dimensions)
  return {
    unread: [],
    signals: [
      {
        status: alarm.state === 'ALARM' ? 'firing' : 'resolved',
        dedupKey: alarm.arn,
        summary: alarm.description ?? alarm.name,
        severity: null,
        labels: {
          alertname: alarm.name,
          ...labelsOf({ region: alarm.region, account: alarm.account }),
          ...labelsOf({ namespace: alarm.trigger.Namespace, metric: alarm.trigger.MetricName }),
          ...dimensions,
        },
        annotations: labelsOf({ reason: alarm.reason, description: alarm.description }),
        startsAt: alarm.state === 'ALARM' ? timeOf(alarm.at) : null,
        links: linkOf(alarm.arn, alarm.name),
      },
    ],
  }
}

function readAlarm(message: JsonObject): Alarm | null {
  const [name, arn, state] = [textOf(message.AlarmName), textOf(message.AlarmArn), textOf(message.NewStateValue)]
  if (name === null || state === null) return null
  return {
    ...{ name, state },
    // Old messages have no ARN; account, region and name are what it is made of.
    arn: arn ?? `${textOf(message.AWSAccountId) ?? ''}:${textOf(message.Region) ?? ''}:${name}`,
    reason: textOf(message.NewStateReason),
    description: textOf(message.AlarmDescription),
    at: textOf(message.StateChangeTime),
    region: textOf(message.Region),
    account: textOf(message.AWSAccountId),
    trigger: isJsonObject(message.Trigger) ? message.Trigger : {},
  }
}

function readEvent(message: JsonObject): Alarm | null {
  const detail = message.detail
  if (message['detail-type'] !== 'CloudWatch Alarm State Change' || !isJsonObject(detail)) return null
  const name = textOf(detail.alarmName)
  const state = isJsonObject(detail.state) ? detail.state : {}
  const value = textOf(state.value)
  const [arn] = Array.isArray(message.resources) ? message.resources : []
  if (name === null || value === null) return null
  const configuration = isJsonObject(detail.configuration) ? detail.configuration : {}
  return {
    ...{ name, state: value },
    arn: textOf(arn) ?? `${textOf(message.account) ?? ''}:${textOf(message.region) ?? ''}:${name}`,
    reason: textOf(state.reason),
    description: textOf(configuration.description),
    at: textOf(state.timestamp),
    region: textOf(message.region),
    account: textOf(message.account),
    trigger: {},
  }
}

function readDimensions(given: JsonValue | undefined): Record<string, string> {
  if (!Array.isArray(given)) return {}
  return Object.fromEntries(
    given.filter(isJsonObject).flatMap((each) => {
      const [name, value] = [textOf(each.name), textOf(each.value)]
      return name === null || value === null ? [] : [[name, value]]
    }),
  )
}

/** `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:Name` */
function linkOf(arn: string, name: string) {
  const region = /^arn:aws:cloudwatch:([a-z0-9-]+):\d+:alarm:/.exec(arn)?.[1]
  if (region === undefined) return []
  const place = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`
  return [{ href: `${place}#alarmsV2:alarm/${encodeURIComponent(name)}`, text: 'The alarm in CloudWatch' }]
}

const labelsOf = (given: Readonly<Record<string, JsonValue | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const text = textOf(value)
      return text === null ? [] : [[name, text]]
    }),
  )

/** `2026-03-01T02:59:30.123+0000`: the zone without a colon. */
const timeOf = (text: string | null): Instant | null =>
  text === null ? null : parseInstant(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))

const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null)
