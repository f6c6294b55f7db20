import { expect, test } from 'vitest'
import { lintMetric, type SeenMetric } from './lint.ts'

const seen = (name: string, more: Partial<SeenMetric> & { point?: Record<string, string> } = {}): SeenMetric => {
  const { point = { 'http.response.status_code': '200' }, ...rest } = more
  return { name, unit: 's', kind: 'histogram', edges: null, points: [new Map(Object.entries(point))], ...rest }
}
const codes = (metric: SeenMetric) =>
  lintMetric(metric).map(({ code, about }) => (about === '' ? code : `${code} ${about}`))

const milliseconds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]

test.each<[string, SeenMetric, string[]]>([
  ['right', seen('http.server.request.duration'), []],
  ['an old name in milliseconds', seen('http.server.duration', { unit: 'ms' }), ['old-metric', 'unit ms']],
  ['no unit', seen('http.server.request.duration', { unit: '' }), ['no-unit']],
  ['milliseconds in the name', seen('checkout_duration_milliseconds', { unit: '' }), ['unit ms']],
  [
    'edges of milliseconds in seconds',
    seen('http.server.request.duration', { edges: milliseconds }),
    ['default-edges'],
  ],
  ['edges of milliseconds in milliseconds', seen('queue.wait', { unit: 'ms', edges: milliseconds }), []],
  [
    'how it ended is not said',
    seen('http.server.request.duration', { point: { 'http.route': '/buy' } }),
    ['no-status'],
  ],
  ['an old attribute', seen('queue.wait', { point: { 'http.method': 'GET' } }), ['old-attribute http.method']],
  ['a user', seen('queue.wait', { point: { 'user.id': '7' } }), ['unbounded-attribute user.id']],
  ['a raw path', seen('queue.wait', { point: { path: '/orders/83121/items' } }), ['unbounded-attribute path']],
  ['a route', seen('queue.wait', { point: { 'http.route': '/orders/:id/items' } }), []],
  ['an address', seen('queue.wait', { point: { who: 'ana@example.org' } }), ['unbounded-attribute who']],
  [
    'an id of a process',
    seen('queue.wait', { point: { 'service.instance.id': '0198f0c2-7d1e-7cc2-a3aa-3f1f6f6f7c11' } }),
    [],
  ],
  ['a version', seen('queue.wait', { point: { version: '1.24.0' } }), []],
])('%s', (_, metric, expected) => {
  expect(codes(metric)).toEqual(expected)
})
