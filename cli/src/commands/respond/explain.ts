// Why somebody was paged, or why nobody was: of an alert by its number, or of labels as a sender would send them.
import { parseInstant } from '../../../../server/src/kernel/instant.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact } from '../../print/times.ts'
import { showAlert } from './alerts.ts'

export const explain: Run = async (call) => {
  const [first = ''] = call.args
  if (!first.includes('=')) {
    if (call.args.length > 1) throw usageError('One alert at a time, or labels.', 'Write: mainstay explain 42')
    return showAlert(call)
  }
  const api = await openApi(call)
  const severity = call.options.text('severity')
  const service = call.options.text('service')
  const found = await api.client['alerts.explain']({
    body: {
      labels: readLabels(call),
      ...(severity === null ? {} : { severity }),
      ...(service === null ? {} : { service }),
      ...readMoment(call),
    },
  })
  await printDetail(call, {
    title: found.told ? 'Somebody would be told' : 'Nobody would be told',
    facts: [
      ['Who', found.sentence],
      ['When', exact(found.at, call.shell.zone)],
      ['Open as', found.alert === null ? null : `alert ${found.alert.number}, ${found.alert.status}`],
      ['Receivers', found.receivers.length === 0 ? null : found.receivers.map(harmless).join(', ')],
      ['Policy', found.paged === null ? null : harmless(`${found.paged.policy}, ${found.paged.because}`)],
    ],
    sections: [
      { title: 'Why', lines: found.trace.map(lineOf) },
      {
        title: 'Who, when nobody answers',
        lines: (found.paged?.pages ?? []).map((each) =>
          harmless(`${exact(each.at, call.shell.zone)}  ${each.person}  ${each.channel}  ${each.because}`),
        ),
      },
    ],
    name: 'explanation',
    document: found,
  })
  return exitCodes.ok
}

/** `--at` with an offset is an instant; without one it is what the clocks show in `--zone`. */
export function readMoment(call: Call): { at?: string; wall?: string; timeZone?: string } {
  const [at, zone] = [call.options.text('at'), call.options.text('zone')]
  if (at === null) return {}
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})$/.exec(at) ?? []
  if (day !== undefined && time !== undefined) return { wall: `${day} ${time}`, timeZone: zone ?? call.shell.zone }
  if (parseInstant(at) === null)
    throw usageError(
      `"${at}" is no time.`,
      'Write 2026-12-24T20:00:00Z, or "2026-12-24 20:00" with --zone Europe/Vienna.',
    )
  return { at }
}

export const lineOf = (step: { rule: string; verdict: string; because: string }): string =>
  harmless(`${step.rule}: ${step.verdict}, ${step.because}`)

export function readLabels(call: Call): Record<string, string> {
  return Object.fromEntries(
    call.args.map((text) => {
      const at = text.indexOf('=')
      if (at <= 0) throw usageError(`"${text}" is no label.`, 'Write name=value, such as severity=critical.')
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}
