import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import type { ArmedPlan } from './armed-plan.ts'
import { jsonPieces, openPlan, sealPlan } from './plan-file.ts'

test('in pieces a plan is the same text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value))
    }),
  )
})

test('long lists come in several pieces, and what is not there is left out', () => {
  const value = {
    open: Array.from({ length: 250 }, (_, place) => ({ place, none: undefined })),
    none: undefined,
    few: [1],
  }
  const pieces = [...jsonPieces(value)]
  expect(pieces.join('')).toBe(JSON.stringify(value))
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(2_000)
})

test('a plan of megabytes is opened again as it was, and by nobody who has another key', async () => {
  const takenAt = instant(1_772_442_000_000)
  const services = Array.from({ length: 5_000 }, (_, place) => ({
    ...{ name: `svc-${place} ü “quoted” ${'x'.repeat(place % 400)}`, team: null, tier: 2 },
    ...{ escalationPolicy: null, runbook: null },
  }))
  const oncall = { policies: [], schedules: [], teams: [], services: [], lastResort: ['ana'] }
  const alerts = { alerts: [], open: 'AAAA', pages: [], silences: [], routing: null }
  const plan: ArmedPlan = {
    chart: { takenAt, oncall, services, people: [], keys: [], settings: {}, boats: ['boat-1'] },
    tide: { takenAt, after: '', alerts, escalations: [], messages: [] },
  }
  const keys = { derive: () => [{ id: '0123abcd', key: Buffer.alloc(32, 7) }] }
  const sealed = await sealPlan(keys, plan)
  expect(openPlan(keys, sealed)).toEqual(plan)
  expect(openPlan({ derive: () => [{ id: '0123abcd', key: randomBytes(32) }] }, sealed)).toBeNull()
})
