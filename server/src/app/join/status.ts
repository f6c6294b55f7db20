// Joins status pages to what they need: the mail server, counts of objectives, keys.
import { writeCalendar } from '../../integrations/icalendar/write-calendar.ts'
import { resolveRecords } from '../../integrations/probing/resolve-records.ts'
import { createMailer } from '../../integrations/smtp/smtp-channel.ts'
import { createStatusHooks, statusHookConnector } from '../../integrations/webhook/status-hook.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { type HostRecords, proofName } from '../../modules/status/core/index.ts'
import type { StatusPorts } from '../../modules/status/index.ts'
import { readSteps } from '../../modules/telemetry/index.ts'
import type { Outside } from '../outside.ts'
import { shownNameOf } from './people.ts'
import { readStatusExport } from './read-status-export.ts'

const lookMs = 5_000

/** A name without a record of the kind is an answer; only silence is none. */
async function lookUpHost(egress: Outside['egress'], host: string): Promise<HostRecords | null> {
  const ask = async (name: string, type: 'TXT' | 'CNAME'): Promise<readonly string[] | null> => {
    try {
      return await resolveRecords(egress, {
        kind: 'dns',
        name,
        type,
        server: null,
        answers: [],
        timeoutMs: lookMs,
        withinMs: null,
      })
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unavailable') return null
      throw error
    }
  }
  const [txt, cname] = await Promise.all([ask(proofName(host), 'TXT'), ask(host, 'CNAME')])
  return txt === null && cname === null ? null : { txt: txt ?? [], cname: cname ?? [] }
}

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
    plainHooks: (config.get('MAINSTAY_EGRESS_ALLOW') ?? '').includes(`${statusHookConnector}=`),
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
