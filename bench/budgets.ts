// What reading budgets costs once objectives were judged: one, 1,000 and all of them over HTTP, as the API answers and as lists
// page; and the budgets alone, from a window's running sums to the exact fraction, as the engine has them. Counts are exact,
// over each objective's whole window.

import { instant } from '../server/src/kernel/instant.ts'
import { rational } from '../server/src/kernel/rational.ts'
import { budgetOf } from '../server/src/modules/slo/core/budget.ts'
import { createRing, putSlice, sumOfWindow } from '../server/src/modules/slo/core/ring.ts'
import { compileSpend } from '../server/src/modules/slo/core/spend.ts'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'

const options = readArguments({ objectives: 10_000, reads: 200, lists: 10 })
const name = (index: number) => `objective-${String(index).padStart(5, '0')}`
inCore()
const product = await startProduct()
try {
  const service = '{"apiVersion":"mainstay.dev/v1","kind":"Service","metadata":{"name":"shop"},"spec":{"tier":2}}'
  await product.apply(service)
  for (let from = 0; from < options.objectives; from += 250) {
    const count = Math.min(250, options.objectives - from)
    await product.apply(Array.from({ length: count }, (_, index) => objective(from + index)).join('\n---\n'))
  }
  const reader = connect(product.url, { authorization: `Bearer ${await product.createKey('budgets')}` })
  const budgetOfOne = async (index: number): Promise<{ readonly good: number }> =>
    JSON.parse(demand(await reader.send('GET', `/api/v1/objectives/${name(index)}`), 200)).budget
  const push = async () => {
    for (let from = 0; from < options.objectives; from += 1_000) {
      const count = Math.min(1_000, options.objectives - from)
      const counts = Array.from({ length: count }, (_, index) => ({
        objective: name(from + index),
        good: 9_990,
        bad: 3,
      }))
      demand(await reader.send('POST', '/api/v1/telemetry/counts', { counts }), 200)
    }
  }
  // A slice is judged when it has closed, which the counts of the next one tell.
  for (;;) {
    await push()
    const found = await Promise.all([0, options.objectives - 1].map((index) => budgetOfOne(index)))
    if (found.every((budget) => budget.good > 0)) break
    await new Promise((resolve) => setTimeout(resolve, 10_000))
  }
  const measure = async (label: string, times: number, read: (turn: number) => Promise<number>) => {
    for (let turn = 0; turn < Math.min(20, times); turn += 1) await read(turn)
    const pids = [product.serverPid, product.databasePid]
    const [before, taken]: [number, number[]] = [cpuSeconds(pids), []]
    let budgets = 0
    for (let turn = 0; turn < times; turn += 1) {
      const began = performance.now()
      budgets += await read(turn)
      taken.push(performance.now() - began)
    }
    const spent = cpuSeconds(pids) - before
    print('budgets', {
      label,
      ...options,
      budgetsInOneRead: budgets / times,
      ms: quantiles(taken),
      cpuMsForOneRead: round((spent * 1e3) / times),
    })
  }
  await measure('one, over HTTP', options.reads, async (turn) =>
    (await budgetOfOne((turn * 97) % options.objectives)).good > 0 ? 1 : 0,
  )
  const numbers = async (limit: number): Promise<number> =>
    JSON.parse(demand(await reader.send('GET', `/api/v1/objective-budgets?limit=${limit}`), 200)).items.length
  await measure('one budget as numbers, over HTTP', options.reads, async (turn) => {
    const path = `/api/v1/objective-budgets?objective=${name((turn * 97) % options.objectives)}`
    return JSON.parse(demand(await reader.send('GET', path), 200)).items.length
  })
  await measure('1,000 budgets as numbers, over HTTP', options.reads, () => numbers(1_000))
  await measure('10,000 budgets as numbers, over HTTP', Math.max(3, options.reads / 5), () => numbers(10_000))
  const list = async (most: number): Promise<number> => {
    let [found, cursor]: [number, string | null] = [0, null]
    while (found < most) {
      const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page = JSON.parse(demand(await reader.send('GET', `/api/v1/objectives?limit=500${after}`), 200))
      found += page.items.length
      cursor = page.nextCursor ?? null
      if (cursor === null) break
    }
    return found
  }
  await measure('1,000, over HTTP in pages of 500', options.lists, () => list(1_000))
  await measure('all, over HTTP in pages of 500', Math.max(3, options.lists / 3), () => list(Number.POSITIVE_INFINITY))
  reader.close()
} finally {
  await product.stop()
}

/** Budgets from running sums, which is all that a reading of them adds to what a tick has done. */
function inCore(): void {
  const [minute, days] = [60_000, 30]
  const born = instant(Math.floor(Date.now() / minute) * minute - days * 1_440 * minute)
  const spec = {
    sliceMs: minute,
    windows: [days * 1_440 * minute],
    rule: compileSpend({ method: 'occurrences' }),
    born,
  }
  const rings = Array.from({ length: 1_000 }, (_, index) => {
    const ring = createRing(spec)
    for (let slice = 0; slice < 100; slice += 1)
      putSlice(ring, instant(born + slice * minute), { state: 'closed', good: 9_990 + index, bad: 3 })
    return ring
  })
  const target = rational(999, 1_000)
  const taken: number[] = []
  for (let turn = 0; turn < 50; turn += 1) {
    const began = performance.now()
    for (const ring of rings) budgetOf(target, sumOfWindow(ring, 0), spec.rule.unit)
    taken.push(performance.now() - began)
  }
  print('budgets', { label: '1,000, in the core alone', budgetsInOneRead: rings.length, ms: quantiles(taken) })
}

function objective(index: number): string {
  const side = (series: string) => ({ metricSource: { type: 'push', spec: { series } } })
  return JSON.stringify({
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: name(index) },
    spec: {
      service: 'shop',
      indicator: {
        metadata: { name: `${name(index)}-views` },
        spec: { ratioMetric: { counter: true, good: side('a'), total: side('b') } },
      },
      timeWindow: [{ duration: '30d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ displayName: 'Views', target: 0.999 }],
    },
  })
}
