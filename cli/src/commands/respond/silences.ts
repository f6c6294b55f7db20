import type { Silence } from '../../../../client/src/operations.gen.ts'
import { parseDuration } from '../../../../server/src/kernel/duration.ts'
import { type Api, openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exact } from '../../print/times.ts'
import { oneIncidentId } from './references.ts'

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
      { header: 'ALSO ENDS', of: alsoEnds, elastic: true },
      { header: 'REASON', of: (row) => row.reason, elastic: true },
    ],
    nameOf: (row) => `silence/${row.id}`,
    none: 'No silences.',
  })
  return exitCodes.ok
}

const alsoEnds = ({ endsWith, lostEnds }: Silence): string =>
  [...endsWith, ...lostEnds.map((each) => `not with ${each}`)].join('; ')

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
      ...(await readEnds(call, api)),
    },
  })
  say(call, `Silent until ${exact(silence.endsAt, call.shell.zone)}. End it: mainstay silences end ${silence.id}`)
  return exitCodes.ok
}

/** `--rate 5/10m`: over when more than five begin within ten minutes. */
async function readEnds(call: Call, api: Api) {
  const [incident, ticket, change, rate] = ['incident', 'ticket', 'change', 'rate'].map((name) =>
    call.options.text(name),
  )
  const [, count = '', within = ''] = /^(\d{1,5})\/([0-9smhd]+)$/.exec(rate ?? '') ?? []
  const withinMs = parseDuration(within)
  if (rate !== null && rate !== undefined && withinMs === null)
    throw usageError(`"${rate}" is no rate.`, 'Write alerts/time, such as --rate 5/10m.')
  const ends = {
    ...(incident === null || incident === undefined ? {} : { incident: await oneIncidentId(api, incident) }),
    ...(ticket === null || ticket === undefined ? {} : { ticket }),
    ...(change === null || change === undefined ? {} : { change }),
    ...(withinMs === null ? {} : { rate: { alerts: Number(count), withinMs } }),
  }
  return Object.keys(ends).length === 0 ? {} : { endsWith: ends }
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
    title: `It would hide ${found.open} now, and would have hidden ${found.history} of the last 30 days`,
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
