import { instant, parseInstant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findService } from '../catalog/index.ts'
import * as corrections from './corrections.contract.ts'
import * as exchange from './exchange.contract.ts'
import * as groups from './groups.contract.ts'
import * as journeys from './journeys.contract.ts'
import { findObjective } from './objectives.store.ts'
import * as contract from './slo.contract.ts'
import type { SloPorts } from './slo.ports.ts'
import { countStates } from './states.store.ts'
import { backTestObjective } from './usecases/back-test-objective.ts'
import { correctObjective, readCorrections, withdrawObjectiveCorrection } from './usecases/correct-objective.ts'
import { describeGroups } from './usecases/describe-groups.ts'
import { describeJourney, describeJourneys } from './usecases/describe-journeys.ts'
import { describeObjective, describeObjectives, readObjectiveSeries } from './usecases/describe-objectives.ts'
import { exportObjectives } from './usecases/export-objectives.ts'
import { exportRules } from './usecases/export-rules.ts'
import { importObjectives } from './usecases/import-objectives.ts'
import { lintSloFile } from './usecases/lint-slo-file.ts'
import { listBudgets } from './usecases/list-budgets.ts'
import { readCeiling } from './usecases/read-ceiling.ts'
import { readGroupLedger } from './usecases/read-group-ledger.ts'
import { readLedger } from './usecases/read-ledger.ts'
import { reportPeriods } from './usecases/report-periods.ts'
import * as whatIf from './what-if.contract.ts'

const noOptions = { dataSource: null, service: null, window: null }

export function sloRoutes(needs: Needs, ports: SloPorts): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(contract.listObjectives, async ({ query }) => {
      const limit = query.limit ?? 100
      const [order, name] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const after = typeof order === 'number' && typeof name === 'string' ? { order, name } : null
      const { service = null, state = null, search = null, review = null, sort = 'name' } = query
      const filter = { service, state, search, review, sort }
      const rows = await describeObjectives(database, filter, after, limit + 1)
      return toPage(
        rows,
        limit,
        (row) => [row.order, row.name],
        (row) => row.summary,
      )
    }),
    route(contract.countObjectives, ({ query }) => countStates(database, query.search ?? null)),
    route(contract.listBudgets, ({ query }) => listBudgets(database, query)),
    route(contract.readObjective, ({ params }) => describeObjective(database, params.name)),
    route(contract.readSeries, ({ params, query }) =>
      readObjectiveSeries(database, {
        name: params.name,
        from: parseInstant(query.from) ?? instant(0),
        to: parseInstant(query.to) ?? instant(0),
      }),
    ),
    route(groups.listGroups, async ({ params, query }) => {
      const limit = query.limit ?? 100
      const [place, label, stream] = decodeCursor(query.cursor, ['number', 'string', 'number']) ?? []
      const isCursor = typeof place === 'number' && typeof label === 'string' && typeof stream === 'number'
      const after = isCursor ? { place, label, stream } : null
      const { search = null, sort = 'spent' } = query
      const { rows, ...found } = await describeGroups(database, { ...params, search, sort, after, limit: limit + 1 })
      const page = toPage(
        rows,
        limit,
        ({ row }) => [row.place, row.label, row.stream],
        ({ shown }) => shown,
      )
      return { ...found, ...page }
    }),
    route(groups.readGroupLedger, ({ params, query }) =>
      readGroupLedger(database, ports, { name: params.name, most: query.most ?? 5 }),
    ),
    route(contract.listPeriods, async ({ params, query }) => ({
      items: await reportPeriods(database, params.name, query.limit ?? 36),
    })),
    route(whatIf.backTest, ({ params, body: { from, to, ...proposal } }) =>
      backTestObjective(database, ports, {
        name: params.name,
        proposal,
        from: from === undefined ? null : parseInstant(from),
        to: to === undefined ? null : parseInstant(to),
      }),
    ),
    route(whatIf.exportRules, ({ params }) => exportRules(database, params.name)),
    route(exchange.importObjectives, ({ body: { text, ...given } }) =>
      importObjectives(database, ports.readers ?? [], { text, ...noOptions, ...given }),
    ),
    route(exchange.lintObjectives, async ({ body: { text, ...given } }) => {
      const lint = lintSloFile(text, ports.readers ?? [], { ...noOptions, ...given })
      return { ...lint, formats: [...lint.formats], findings: [...lint.findings] }
    }),
    route(exchange.exportObjectives, ({ query: { name, service = null } }) =>
      exportObjectives(database, { names: name === undefined ? [] : [name], service }),
    ),
    route(journeys.listJourneys, async () => ({ items: [...(await describeJourneys(database))] })),
    route(journeys.readJourney, ({ params }) => describeJourney(database, params.name)),
    route(journeys.readCeiling, ({ params }) => readCeiling(database, params.name)),
    route(corrections.listCorrections, async ({ params }) => ({ items: await readCorrections(database, params.name) })),
    route(
      corrections.correctObjective,
      async ({ params, body, actor }) => {
        const [from, to] = [parseInstant(body.from) ?? instant(0), parseInstant(body.to) ?? instant(0)]
        const { mode, reason } = body
        return new Answer(await correctObjective(needs, { name: params.name, from, to, mode, reason, actor }), {
          status: 201,
        })
      },
      ({ params }) => teamOf(database, params.name),
    ),
    route(
      corrections.withdrawCorrection,
      ({ params, body, actor }) => withdrawObjectiveCorrection(needs, { ...params, reason: body.reason, actor }),
      ({ params }) => teamOf(database, params.name),
    ),
    route(contract.readLedger, ({ params, query }) =>
      readLedger(database, ports, {
        name: params.name,
        from: query.from === undefined ? null : parseInstant(query.from),
        to: query.to === undefined ? null : parseInstant(query.to),
      }),
    ),
  ]
}

/** Whose service it is: who may correct its numbers. */
async function teamOf(queries: Queries, name: string): Promise<string | null> {
  const objective = await findObjective(queries, name)
  return objective === null ? null : ((await findService(queries, objective.service))?.team ?? null)
}
