// What alerts were worth: a word to each, and the sums.
import type { AlertQuality, AlertQualityRow } from '../../../../client/src/operations.gen.ts'
import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { formatOf, printDetail, printListing, say } from '../../print/output.ts'
import type { Column } from '../../print/table.ts'
import { ago } from '../../print/times.ts'
import { readSourcesOf } from '../objects/documents.ts'
import { alertIds } from './references.ts'
import { readRuleFiles } from './rule-files.ts'

/** `--useful` or `--noise`; null when neither was said. */
export function usefulOf({ options }: Call): boolean | null {
  const [useful, noise] = [options.has('useful'), options.has('noise')]
  if (useful && noise) throw usageError('Useful or noise?', 'Give one of --useful and --noise.')
  return useful ? true : noise ? false : null
}

export const rate: Run = async (call) => {
  const useful = usefulOf(call)
  if (useful === null && !call.options.has('none'))
    throw usageError('Was it worth it?', 'Say it: --useful, --noise, or --none to take it back.')
  const api = await openApi(call)
  const ids = await alertIds(api, call.args)
  for (const id of ids) await api.client['alerts.rate']({ params: { id }, body: { useful } })
  const word = useful === null ? 'No longer rated' : useful ? 'Rated useful' : 'Rated as noise'
  say(call, `${word}: ${ids.length === 1 ? 'one alert' : `${ids.length} alerts`}.`)
  return exitCodes.ok
}

const keys = ['rule', 'service', 'team'] as const

export const quality: Run = async (call) => {
  const { options, shell } = call
  const files = options.all('rules')
  const by = files.length > 0 ? 'rule' : (keys.find((each) => each === options.text('by')) ?? 'rule')
  const [from, to] = [options.time('since', shell.now()), options.time('until', shell.now())]
  const api = await openApi(call)
  const reply = await api.client['alerts.quality']({
    query: {
      by,
      zone: options.text('zone') ?? shell.zone,
      limit: files.length > 0 ? 500 : (options.integer('limit', 1, 500) ?? 50),
      ...(from === null ? {} : { from }),
      ...(to === null ? {} : { to }),
    },
  })
  if (files.length > 0) return printUnheard(call, reply, files)
  if (formatOf(call) === 'json' || formatOf(call) === 'yaml')
    await printDetail(call, { title: 'Alerts', facts: [], name: 'alert-quality', document: reply })
  else
    await printListing(call, {
      rows: reply.items,
      columns: columnsOf(by, shell.now()),
      nameOf: (row) => `${by}/${row.name ?? ''}`,
      none: 'No alert in that time.',
    })
  for (const line of sentencesOf(reply)) say(call, line)
  return exitCodes.ok
}

const share = (part: number, of: number): string => (of === 0 ? '–' : `${Math.round((part / of) * 100)} %`)

function columnsOf(by: string, now: number): readonly Column<AlertQualityRow>[] {
  const count = (header: string, of: (row: AlertQualityRow) => number): Column<AlertQualityRow> => ({
    header,
    of: (row) => String(of(row)),
    align: 'right',
  })
  return [
    { header: by.toUpperCase(), of: (row) => row.name ?? `no ${by}`, elastic: true },
    count('ALERTS', (row) => row.alerts),
    count('PAGES', (row) => row.pages),
    count('FOR NOTHING', (row) => row.pagesForNothing),
    count('AFTER HOURS', (row) => row.pagesAfterHours),
    { header: 'HEALED ALONE', of: (row) => share(row.selfHealed, row.ended), align: 'right' },
    { header: 'OPEN', of: (row) => formatDuration(Math.round(row.openMs / 60_000) * 60_000), align: 'right' },
    { header: 'RUNBOOK', of: (row) => share(row.criticalWithRunbook, row.critical), align: 'right' },
    { ...count('USEFUL', (row) => row.useful), wide: true },
    { ...count('NOISE', (row) => row.noise), wide: true },
    { header: 'OWNED', of: (row) => share(row.criticalWithTeam, row.critical), align: 'right', wide: true },
    { header: 'LAST', of: (row) => ago(row.lastAt, now), wide: true },
  ]
}

function sentencesOf({ total, more, items, quiet }: AlertQuality): readonly string[] {
  if (total.alerts === 0) return []
  return [
    `${total.alerts} alerts, ${total.pages} of them paged: ${total.pagesForNothing} for nothing (${share(total.pagesForNothing, total.pages)}), ${total.pagesAfterHours} after hours. ${share(total.selfHealed, total.ended)} healed alone.`,
    `Of ${total.critical} critical ones ${share(total.criticalWithRunbook, total.critical)} said what to do and ${share(total.criticalWithTeam, total.critical)} belonged to a team.`,
    ...(more ? [`There are more than these ${items.length}: --limit ${Math.min(500, items.length * 5)}.`] : []),
    ...(quiet.length === 0
      ? []
      : [
          `Not for 90 days: ${quiet
            .slice(0, 5)
            .map(({ rule }) => rule)
            .join(', ')}${quiet.length > 5 ? ` and ${quiet.length - 5} more` : ''}.`,
        ]),
  ]
}

interface Unheard {
  readonly rule: string
  readonly file: string
  readonly line: number
  readonly lastAt: string | null
}

/** Rules of the files that no alert came from in the span. */
async function printUnheard(call: Call, reply: AlertQuality, files: readonly string[]) {
  const { rules } = readRuleFiles(readSourcesOf(call, files))
  const heard = new Set(reply.items.map(({ name }) => name))
  const quiet = new Map(reply.quiet.map(({ rule, lastAt }) => [rule, lastAt]))
  const rows: readonly Unheard[] = rules
    .filter(({ name }) => !heard.has(name))
    .map(({ name, file, lines }) => ({ rule: name, file, line: lines.alert ?? 1, lastAt: quiet.get(name) ?? null }))
  await printListing(call, {
    rows,
    columns: [
      { header: 'RULE', of: (row) => row.rule },
      {
        header: 'LAST',
        of: (row) => (row.lastAt === null ? 'never, as far as is known' : ago(row.lastAt, call.shell.now())),
      },
      { header: 'PLACE', of: (row) => `${row.file}:${row.line}`, elastic: true },
    ],
    nameOf: (row) => row.rule,
    none: 'Every rule of the files fired.',
  })
  say(call, `${rows.length} of ${rules.length} rules did not fire since ${reply.from.slice(0, 10)}.`)
  return exitCodes.ok
}
