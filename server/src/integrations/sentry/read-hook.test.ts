// Fixtures after the examples on docs.sentry.io, Integration Platform, Webhooks: metric alerts and issue alerts.
import { expect, test } from 'vitest'
import { parseInstant } from '../../kernel/instant.ts'
import { testNeverFails } from '../hurt-payload.fixture.ts'
import issueAlert from './fixtures/issue-alert.json' with { type: 'json' }
import metricAlert from './fixtures/metric-alert.json' with { type: 'json' }
import { readSentry } from './read-hook.ts'

const read = (body: unknown, resource = '') => readSentry({ body, headers: { 'sentry-hook-resource': resource } })

test('a metric alert fires, and resolves under the same key', () => {
  expect(read(metricAlert).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: 'metric-alert:4',
      summary: 'Critical: Too many errors',
      severity: 'critical',
      labels: { alertname: 'Too many errors', project: 'shop-web', environment: 'prod' },
      startsAt: parseInstant('2026-03-01T02:50:00Z'),
    },
  ])
  expect(read({ ...metricAlert, action: 'resolved' }).signals).toMatchObject([
    { status: 'resolved', dedupKey: 'metric-alert:4' },
  ])
  expect(read({ ...metricAlert, action: 'odd' }).unread[0]).toContain('odd')
})

test('an issue alert fires, and the end of its issue is its end', () => {
  expect(read(issueAlert).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: 'issue:1170820242',
      summary: 'ReferenceError: blooopy is not defined',
      service: 'checkout',
      labels: { environment: 'prod', release: 'shop@4.2.0' },
    },
  ])
  const issue = { id: '1170820242', title: 'ReferenceError', level: 'error', project: { slug: 'web' } }
  for (const action of ['resolved', 'archived', 'ignored'])
    expect(read({ action, data: { issue } }).signals).toMatchObject([
      { status: 'resolved', dedupKey: 'issue:1170820242' },
    ])
  expect(read({ action: 'assigned', data: { issue } }).nothing).toContain('assigned')
})

test('an installation is nothing to do; another resource is unread', () => {
  expect(read({ action: 'created', data: { installation: {} } }, 'installation').nothing).toContain('created')
  expect(read({ action: 'created', data: { replay: {} } }, 'replay').unread[0]).toContain('replay')
})

testNeverFails('Sentry', readSentry, [metricAlert, issueAlert])
