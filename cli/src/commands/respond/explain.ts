// Why somebody was paged, or why nobody was: of an alert by its number, or of labels as a sender would send them.
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
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
    },
  })
  await printDetail(call, {
    title: found.told ? 'Somebody would be told' : 'Nobody would be told',
    facts: [
      ['Who', found.sentence],
      ['Open as', found.alert === null ? null : `alert ${found.alert.number}, ${found.alert.status}`],
    ],
    sections: [{ title: 'Why', lines: found.trace.map(lineOf) }],
    name: 'explanation',
    document: found,
  })
  return exitCodes.ok
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
