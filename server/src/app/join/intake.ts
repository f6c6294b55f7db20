// Joins intake to the readers of each sender's format, to Amazon's certificates and to the keys of the installation.

import { readFile } from 'node:fs/promises'
import { readWebhook } from '../../integrations/alertmanager-webhook/read-webhook.ts'
import { readDatadog } from '../../integrations/datadog/read-event.ts'
import { explainJson, mappingFaults, readJson } from '../../integrations/generic-json/read-json.ts'
import { listenForMails } from '../../integrations/mail-alerts/mail-listener.ts'
import { parseMail } from '../../integrations/mail-alerts/parse-mail.ts'
import { explainMail } from '../../integrations/mail-alerts/read-mail.ts'
import { readOpsgenie } from '../../integrations/opsgenie-alerts/read-request.ts'
import { readPagerDuty } from '../../integrations/pagerduty/read-payload.ts'
import { readSentry } from '../../integrations/sentry/read-hook.ts'
import { readCloudWatch } from '../../integrations/sns-cloudwatch/read-alarm.ts'
import { createSnsVerifier, isAmazonSns } from '../../integrations/sns-cloudwatch/verify-message.ts'
import { readUptimeKuma } from '../../integrations/uptime-kuma/read-beat.ts'
import { readZabbix } from '../../integrations/zabbix/read-event.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { AlertsPorts } from '../../modules/alerts/index.ts'
import { nothingToDo, type Readers } from '../../modules/intake/core/index.ts'
import type { IntakePorts } from '../../modules/intake/index.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { type RateLimits, takeToken } from '../../platform/http/rate-limit.ts'
import type { Outside } from '../outside.ts'

export const intakeReaders: Readers = {
  generic: readJson,
  alertmanager: readWebhook,
  grafana: readWebhook,
  pagerduty: readPagerDuty,
  opsgenie: readOpsgenie,
  cloudwatch: readCloudWatch,
  datadog: readDatadog,
  sentry: readSentry,
  zabbix: readZabbix,
  uptimekuma: readUptimeKuma,
  email: (payload, mapping) => explainMail(payload, mapping, explainJson).reading,
  heartbeat: () => nothingToDo('A sign of life.'),
}

export interface IntakeOutside {
  readonly egress: Pick<Egress, 'fetch'>
  readonly keyring: Pick<Outside['keyring'], 'seal' | 'open'>
}

export function intakePortsOf(
  { egress, keyring }: IntakeOutside,
  alerts: AlertsPorts,
  senders: IntakePorts['senders'] = () => null,
  mail: IntakePorts['mail'] = null,
): IntakePorts {
  const ask = askAmazon(egress)
  return {
    alerts,
    senders,
    readers: intakeReaders,
    mappingFaults,
    explainMapping: (format, payload, mapping) =>
      format === 'email' ? explainMail(payload, mapping, explainJson) : explainJson(payload, mapping),
    verifySns: createSnsVerifier(ask),
    confirmSns: async (url) => void (await ask(url)),
    seal: (text, context) => keyring.seal(text, context),
    open: (sealed, context) => keyring.open(sealed, context),
    personOf: alerts.personOf,
    mail,
  }
}

/** Null when the operator opened no port, or this process takes nothing in. */
export function mailPortOf(
  { config }: Pick<Outside, 'config'>,
  rateLimits: RateLimits,
  publicUrl: () => string,
): IntakePorts['mail'] {
  const port = config.get('MAINSTAY_MAIL_PORT')
  if (port === null || !config.need('MAINSTAY_ROLES').split(',').includes('api')) return null
  const host = () => config.get('MAINSTAY_MAIL_DOMAIN') ?? new URL(publicUrl()).hostname
  const [cert, key] = [config.get('MAINSTAY_MAIL_TLS_CERT'), config.get('MAINSTAY_MAIL_TLS_KEY')]
  return {
    host,
    listen: async (door) =>
      listenForMails(
        {
          ...{ host: config.need('MAINSTAY_HOST'), port: Number(port), name: host() },
          tls:
            cert === null || key === null
              ? null
              : { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') },
        },
        door,
      ),
    parse: parseMail,
    charge: (remote) => takeToken(rateLimits, `address:${remote}`, 'intake.mail'),
  }
}

/** A certificate has 2 kB, the answer to a confirmation less. */
const replyLimit = 64 * 1024

function askAmazon(egress: Pick<Egress, 'fetch'>): (url: string) => Promise<string> {
  const amazon = egress.fetch('sns', { maxReplyBytes: replyLimit, timeouts: { totalMs: 5_000 } })
  return async (url) => {
    // Checked where it was read; said again at the door, because whoever asks here asks for something a stranger wrote.
    if (!isAmazonSns(url)) throw new AppError('forbidden', 'intake.not-amazon', 'The address is not one of Amazon SNS.')
    const reply = await amazon(url)
    if (!reply.ok) throw new AppError('unavailable', 'intake.amazon-refused', `Amazon SNS answered ${reply.status}.`)
    return reply.text()
  }
}
