import type { Silence } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exact } from '../../print/times.ts'

type Matcher = Silence['sets'][number][number]

export const listSilences: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['silences.list']()
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'ID', of: (row) => row.id },
      { header: 'STATE', of: (row) => row.state },
      { header: 'ENDS', of: (row) => ago(row.endsAt, call.shell.now()) },
      { header: 'BY', of: (row) => row.createdBy },
      { header: 'MATCHES', of: (row) => row.sets.map(setText).join(' or '), elastic: true },
      { header: 'REASON', of: (row) => row.reason, elastic: true },
    ],
    nameOf: (row) => `silence/${row.id}`,
    none: 'No silences.',
  })
  return exitCodes.ok
}

const setText = (set: readonly Matcher[]): string =>
  set.map((each) => `${each.name}${each.operator}${each.value}`).join(' ')

export const createSilence: Run = async (call) => {
  if (call.options.has('preview')) return previewSilence(call)
  const forMs = call.options.durationMs('for')
  if (forMs === null) throw usageError('For how long?', 'Say it: --for 2h. A silence always ends.')
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "disk is being replaced"')
  const api = await openApi(call)
  const silence = await api.client['silences.create']({
    body: {
      sets: [call.args.map(readMatcher)],
      endsAt: new Date(call.shell.now() + forMs).toISOString(),
      reason,
    },
  })
  say(call, `Silent until ${exact(silence.endsAt, call.shell.zone)}. End it: mainstay silences end ${silence.id}`)
  return exitCodes.ok
}

const previewSilence: Run = async (call) => {
  const forMs = call.options.durationMs('for')
  const api = await openApi(call)
  const found = await api.client['silences.preview']({
    body: {
      sets: [call.args.map(readMatcher)],
      ...(forMs === null ? {} : { endsAt: new Date(call.shell.now() + forMs).toISOString() }),
    },
  })
  await printDetail(call, {
    title: `It would hide ${found.open} now, and would have hidden ${found.history} of the last seven days`,
    facts: [['Services', found.services.map(harmless).join(', ')]],
    sections: [
      { title: 'Think about', lines: found.warnings.map(harmless) },
      {
        title: 'Such as',
        lines: found.examples.map((each) =>
          harmless(`${each.number}  ${each.status}  ${each.service ?? ''}  ${each.title}`),
        ),
      },
    ],
    name: 'silence-preview',
    document: found,
  })
  return exitCodes.ok
}

const operators = ['=~', '!~', '!=', '='] as const

export function readMatcher(text: string): Matcher {
  const [, name = '', sign = '', value = ''] = /^([^=!~\s]+)(=~|!~|!=|=)(.*)$/s.exec(text) ?? []
  const operator = operators.find((each) => each === sign)
  if (operator === undefined)
    throw usageError(`"${text}" is no matcher.`, 'Write label=value, label!=value, label=~pattern or label!~pattern.')
  return { name, operator, value }
}

export const endSilence: Run = async (call) => {
  const api = await openApi(call)
  for (const id of call.args) {
    await api.client['silences.expire']({ params: { id } })
    say(call, `Ended silence ${id}.`)
  }
  return exitCodes.ok
}
