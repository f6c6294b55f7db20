// Joins status pages to what they need: the mail server, counts of objectives, keys.
import { writeCalendar } from '../../integrations/icalendar/write-calendar.ts'
import { createMailer } from '../../integrations/smtp/smtp-channel.ts'
import { createStatusHooks, statusHookConnector } from '../../integrations/webhook/status-hook.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import type { StatusPorts } from '../../modules/status/index.ts'
import { readSteps } from '../../modules/telemetry/index.ts'
import { readAllowances } from '../outgoing.ts'
import type { Outside } from '../outside.ts'
import { lookUpHost } from './look-up-host.ts'
import { shownNameOf } from './people.ts'
import { readStatusExport } from './read-status-export.ts'

export function statusPortsOf(
  outside: Pick<Outside, 'config' | 'egress' | 'keyring' | 'links'>,
  publicUrl: () => string,
): StatusPorts {
  const { config, egress, keyring, links } = outside
  const mailer = createMailer(egress, { url: config.get('MAINSTAY_SMTP_URL'), from: config.need('MAINSTAY_MAIL_FROM') })
  return {
    sendLetter: (letter) => mailer.send(letter),
    lookUpHost: (host) => lookUpHost(egress, host),
    sendHook: createStatusHooks(egress, publicUrl),
    plainHooks: readAllowances(config.get('MAINSTAY_EGRESS_ALLOW')).some(
      ({ connector }) => connector === statusHookConnector,
    ),
    dailyCounts: async (queries, objective, from, to) => {
      try {
        return (await readSteps(queries, { name: objective, from, to, stepMs: day })).slices
      } catch (error) {
        if (error instanceof AppError && error.kind === 'not-found') return null
        throw error
      }
    },
    readExport: readStatusExport,
    calendar: { write: writeCalendar },
    seal: (text, context) => keyring.seal(text, context),
    open: (sealed, context) => keyring.open(sealed, context),
    links,
    personOf: shownNameOf,
  }
}
