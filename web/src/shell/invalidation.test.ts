import { expect, test } from 'vitest'
import { staleAfter } from './invalidation.ts'

test.each([
  ['alert.acknowledged', 'alerts'],
  ['alerts.opened', 'alerts'],
  ['incident.severity-changed', 'incidents'],
  ['change.recorded', 'changes'],
  ['objective.state-changed', 'objectives'],
  ['resource.updated', 'services'],
  ['page.delivered', 'alerts'],
  ['anomaly.began', 'anomalies'],
])('%s makes %s old', (type, key) => {
  expect(staleAfter(type)).toContain(key)
})

test('an unknown type still makes the journal and the overview old', () => {
  expect(staleAfter('weather.turned')).toEqual(['overview', 'journal'])
})
