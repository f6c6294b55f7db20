// Which service lacks which signal, and what its telemetry costs. All services are looked at together: some thousands of short
// rows, so that what is missing can be counted and sorted by.
import { AppError } from '../../../kernel/app-error.ts'
import { day, hour } from '../../../kernel/duration.ts'
import { formatInstant, instant } from '../../../kernel/instant.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listByKind, type StoredResource } from '../../catalog/index.ts'
import type { CoverageColumn } from '../core/index.ts'
import { countDistinct, type LintFinding, type MetricUsage, manySeries } from '../core/usage/index.ts'
import type { ServiceCoverage } from '../coverage.contract.ts'
import { type CoveredService, cellsOf, type Price, presentDay } from '../coverage-cells.ts'
import { lintSentence } from '../coverage-words.ts'
import { listSignalServices } from '../signals.store.ts'
import type { TelemetryPorts } from '../telemetry.ports.ts'
import { type DayTotals, findNewestUsage, listDayTotals, sumOctets } from '../usage.store.ts'
import { unnamedService } from './collect-usage.ts'
import { mostServices } from './write-signals.ts'

/** Days in which a service that fell silent is still shown with what it sent. */
const shownDays = 8
const pageOfCatalog = 500

export interface CoverageOrder {
  readonly search: string
  readonly team: string | null
  readonly missing: CoverageColumn | 'any' | null
  readonly sort: 'name' | 'missing' | 'samples'
  readonly offset: number
  readonly limit: number
}

export async function listCoverage(queries: Queries, ports: TelemetryPorts, order: CoverageOrder) {
  const all = await readAll(queries, ports)
  const wanted = order.search.toLowerCase()
  const matching = all.filter(
    (each) =>
      `${each.service} ${each.displayName}`.toLowerCase().includes(wanted) &&
      (order.team === null || each.team === order.team),
  )
  const lacks = (each: ServiceCoverage, column: string) =>
    each.cells.some((cell) => cell.column === column && cell.state !== 'present')
  const shown = matching.filter(
    (each) => order.missing === null || (order.missing === 'any' ? each.missing > 0 : lacks(each, order.missing)),
  )
  const weight = {
    name: () => 0,
    missing: (each: ServiceCoverage) => -each.missing,
    samples: (each: ServiceCoverage) => -(each.usage?.samples ?? 0),
  }[order.sort]
  const sorted = shown.sort((a, b) => weight(a) - weight(b) || (a.service < b.service ? -1 : 1))
  const samples = matching.reduce((sum, each) => sum + (each.usage?.samples ?? 0), 0)
  return {
    rows: sorted.slice(order.offset, order.offset + order.limit + 1),
    summary: {
      services: matching.length,
      complete: matching.filter((each) => each.missing === 0).length,
      missing: (matching[0]?.cells ?? []).map(({ column }) => ({
        column,
        services: matching.filter((each) => lacks(each, column)).length,
      })),
      samples,
      cost: ports.samplePrice === undefined || ports.samplePrice === null ? null : costOf(samples, ports.samplePrice),
    },
  }
}

const costOf = (samples: number, price: Price) => ({
  amount: (samples / 1e6) * price.perMillion,
  currency: price.currency,
})

async function readAll(
  queries: Queries,
  ports: Pick<TelemetryPorts, 'standingsOf' | 'samplePrice'>,
): Promise<ServiceCoverage[]> {
  const now = await queries.now()
  const today = Math.floor(now / day) * day
  const declared = await listDeclared(queries)
  const told = new Map((await listSignalServices(queries, mostServices)).map((row) => [row.service, row]))
  const days = newestDays(await listDayTotals(queries, today - shownDays * day, shownDays * mostServices), today)
  const octets = await sumOctets(queries, Math.floor((now - day) / hour) * hour)
  const names = [...new Set([...declared.keys(), ...told.keys(), ...days.keys()])]
  const standings = await ports.standingsOf?.(queries, [...declared.keys()])
  const objectives = new Map(standings?.map((each) => [each.service, each.count]))
  return names.map((service) => {
    const covered: CoveredService = {
      service,
      now,
      declared: declared.get(service) ?? null,
      told: told.get(service) ?? null,
      objectives: standings === undefined ? null : (objectives.get(service) ?? 0),
    }
    const cells = cellsOf(covered)
    const used = days.get(service) ?? null
    const row = covered.declared
    return {
      service,
      displayName: row?.displayName ?? (service === unnamedService ? 'No service name' : service),
      declared: row !== null,
      team: row?.team ?? null,
      tier: row?.tier ?? null,
      cells,
      missing: cells.filter((cell) => cell.state !== 'present' && cell.column !== 'traces').length,
      lastAt: covered.told === null ? null : formatInstant(instant(covered.told.lastAt)),
      usage: used === null ? null : presentDay(used, today, ports.samplePrice ?? null),
      storedBytes: octets.get(service) ?? 0,
    }
  })
}

/** Yesterday when it was counted, for it is whole; else the newest. */
function newestDays(rows: readonly DayTotals[], today: number): ReadonlyMap<string, DayTotals> {
  const found = new Map<string, DayTotals>()
  for (const row of rows) {
    const known = found.get(row.service)
    if (row.samples > 0 && (known === undefined || (known.day === today && row.day === today - day)))
      found.set(row.service, row)
  }
  return found
}

async function listDeclared(queries: Queries): Promise<ReadonlyMap<string, NonNullable<CoveredService['declared']>>> {
  const found = new Map<string, NonNullable<CoveredService['declared']>>()
  for (let after: string | null = null; ; ) {
    const rows: readonly StoredResource[] = await listByKind(queries, 'Service', after, pageOfCatalog)
    for (const { name, document } of rows) {
      const { team, tier, links } = document.spec
      found.set(name, {
        displayName: document.metadata.displayName ?? name,
        team: typeof team === 'string' ? team : null,
        tier: typeof tier === 'number' ? tier : 2,
        links: (Array.isArray(links) ? links : []).filter(isJsonObject).map((link) => ({
          kind: typeof link.kind === 'string' ? link.kind : 'other',
          title: typeof link.title === 'string' ? link.title : '',
        })),
      })
    }
    after = rows.at(-1)?.name ?? null
    if (rows.length < pageOfCatalog || after === null) return found
  }
}

export async function readCoverage(queries: Queries, ports: TelemetryPorts, service: string) {
  const found = (await readAll(queries, ports)).find((each) => each.service === service)
  if (found === undefined)
    throw new AppError('not-found', 'telemetry.unknown-service', `Nobody declared ${service}, and nothing tells of it.`)
  const today = Math.floor((await queries.now()) / day) * day
  const newest = await findNewestUsage(queries, service, today - shownDays * day)
  const samples = [...(newest?.usage.values() ?? [])].reduce((all, each) => all + each.samples, 0)
  const metrics = [...(newest?.usage ?? [])]
    .sort(([, a], [, b]) => b.samples - a.samples)
    .map(([name, each]) => presentMetric(name, each, samples))
  return { ...found, metrics }
}

/** What a service has and lacks; null when nobody knows it. */
export async function readServiceCells(
  queries: Queries,
  ports: Pick<TelemetryPorts, 'standingsOf'>,
  service: string,
): Promise<ServiceCoverage['cells'] | null> {
  return (await readAll(queries, ports)).find((each) => each.service === service)?.cells ?? null
}

function presentMetric(name: string, metric: MetricUsage, samples: number) {
  const series = countDistinct(metric.series)
  const crowded: LintFinding[] =
    series > manySeries ? [{ code: 'many-series', about: '', example: String(series) }] : []
  return {
    name,
    kind: metric.kind,
    unit: metric.unit,
    samples: metric.samples,
    series,
    share: samples === 0 ? 0 : metric.samples / samples,
    lastAt: formatInstant(instant(metric.lastAt)),
    findings: [...crowded, ...metric.findings].map((each) => ({ ...each, sentence: lintSentence(each) })),
  }
}
