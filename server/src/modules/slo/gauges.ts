// Gauges of every objective for whoever scrapes this server. Read from the stored states, so each process says the same.

import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../../platform/database/database.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { shownStates } from './slo.contract.ts'
import { readGauges } from './states.store.ts'

/** More objectives than this are left out, and the number of those left out is a gauge of its own. */
export const mostGauges = 2_000

/** The gauges of one scrape share one query, whichever of them is collected first. */
const sharedMs = 1_000

export function registerGauges(registry: Registry, database: Database): void {
  const labelNames = ['objective', 'service'] as const
  let shared: { at: number; filled: Promise<void> } | null = null
  const collect = () => {
    if (shared === null || monotonicMs() - shared.at > sharedMs) shared = { at: monotonicMs(), filled: fill() }
    return shared.filled
  }
  const make = (name: string, help: string) => new Gauge({ name, help, labelNames, registers: [registry], collect })
  const remaining = make(
    'mainstay_objective_budget_remaining_ratio',
    'Error budget that is left, as a share of the whole; below 0 when overspent, absent when not known.',
  )
  const burn = make('mainstay_objective_burn_rate', 'Burn rate of the tier that speaks for the objective.')
  const age = make('mainstay_objective_evaluated_seconds', 'When the objective was judged last, in seconds since 1970.')
  const states = new Gauge({
    name: 'mainstay_objective_state',
    help: 'One for the state an objective is in, 0 for the others.',
    labelNames: ['objective', 'service', 'state'],
    registers: [registry],
    collect,
  })
  const left = new Gauge({
    name: 'mainstay_objectives_without_gauges',
    help: `Objectives beyond the ${mostGauges} that have gauges.`,
    registers: [registry],
    collect,
  })

  async function fill(): Promise<void> {
    const { rows, total } = await readGauges(database, mostGauges)
    for (const gauge of [remaining, burn, age, states]) gauge.reset()
    left.set(total - rows.length)
    for (const row of rows) {
      const labels = { objective: row.name, service: row.service }
      for (const state of shownStates) states.set({ ...labels, state }, state === row.state ? 1 : 0)
      if (row.remaining !== null) remaining.set(labels, row.remaining)
      if (row.burn !== null) burn.set(labels, row.burn)
      if (row.asOf !== null) age.set(labels, row.asOf / 1000)
    }
  }
}
