// What a service has and lacks, each with a sentence. Missing data never counts as present.
import { day } from '../../kernel/duration.ts'
import { formatInstant, instant } from '../../kernel/instant.ts'
import type { ServiceCoverage } from './coverage.contract.ts'
import type { SignalServiceRow } from './signals.store.ts'
import type { DayTotals } from './usage.store.ts'
import { standingsOf } from './usecases/read-signals.ts'

export interface Price {
  readonly perMillion: number
  readonly currency: string
}

export interface CoveredService {
  readonly service: string
  readonly now: number
  /** Null when nobody declared it. */
  readonly declared: {
    readonly displayName: string
    readonly team: string | null
    readonly tier: number
    readonly links: readonly { readonly kind: string; readonly title: string }[]
  } | null
  readonly told: SignalServiceRow | null
  /** Null where nobody can say. */
  readonly objectives: number | null
}

type Cell = ServiceCoverage['cells'][number]

export function cellsOf(covered: CoveredService): Cell[] {
  const { declared, told, now, objectives } = covered
  const signals = standingsOf(told, now).map(
    ({ signal, state, lastAt, sentence }): Cell => ({
      column: signal,
      state: state === 'told' ? 'present' : state === 'silent' ? 'silent' : 'missing',
      lastAt,
      sentence,
    }),
  )
  const cell = (column: Cell['column'], has: boolean, yes: string, no: string): Cell => ({
    column,
    state: has ? 'present' : 'missing',
    lastAt: null,
    sentence: has ? yes : declared === null ? 'The service is not declared.' : no,
  })
  const links = declared?.links ?? []
  const linked = (pattern: RegExp) => links.find((link) => pattern.test(`${link.kind} ${link.title}`))
  const linkCell = (column: 'dashboard' | 'runbook' | 'traces', pattern: RegExp, words: string) => {
    const link = linked(pattern)
    return cell(column, link !== undefined, `Linked${link?.title ? `: ${link.title}` : ''}.`, words)
  }
  const count = objectives ?? 0
  return [
    ...signals,
    cell(
      'objective',
      count > 0,
      count === 1 ? 'One objective.' : `${count} objectives.`,
      'Nobody has said what reliable enough means here: declare an SLO.',
    ),
    linkCell('dashboard', /dashboard|grafana/i, 'No link of kind dashboard is declared.'),
    linkCell('runbook', /runbook|playbook/i, 'No link of kind runbook is declared.'),
    linkCell(
      'traces',
      /\btrac(e|es|ing)\b|jaeger|tempo|zipkin/i,
      'No link to its traces is declared. Mainstay takes in no traces itself.',
    ),
    cell(
      'owner',
      declared?.team !== undefined && declared?.team !== null,
      `Team ${declared?.team ?? ''}.`,
      'No team owns it.',
    ),
  ]
}

export function presentDay(used: DayTotals, today: number, price: Price | null): NonNullable<ServiceCoverage['usage']> {
  return {
    day: formatInstant(instant(used.day)),
    whole: used.day + day <= today,
    samples: used.samples,
    series: used.series,
    cost: price === null ? null : { amount: (used.samples / 1e6) * price.perMillion, currency: price.currency },
  }
}
