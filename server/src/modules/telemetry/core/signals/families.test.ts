import { expect, test } from 'vitest'
import { familyOf, serviceOf, unitOf, verdictOf } from './families.ts'

test.each([
  ['http.server.request.duration', 'requests', 'whole'],
  ['http_server_request_duration_seconds_bucket', 'requests', 'bucket'],
  ['http_server_request_duration_seconds', 'requests', 'whole'],
  ['http.server.duration', 'requests', 'whole'],
  ['rpc.server.duration', 'requests', 'whole'],
  ['nodejs.eventloop.utilization', 'fullness', 'whole'],
  ['nodejs_eventloop_utilization_ratio', 'fullness', 'whole'],
  ['http_server_request_duration_seconds_count', null, null],
  ['http.client.request.duration', null, null],
  ['process.cpu.utilization_bucket', null, null],
])('%s', (name, kind, part) => {
  const found = familyOf(name)
  expect([found?.family.kind ?? null, found?.part ?? null]).toEqual([kind, part])
})

test.each([
  ['http', { 'http.response.status_code': '503' }, 'error'],
  ['http', { 'http.response.status_code': '404', 'error.type': '404' }, 'fine'],
  ['http', { 'http.response.status_code': '200' }, 'fine'],
  ['http', { 'error.type': 'TypeError' }, 'error'],
  ['http', { 'http.route': '/buy' }, 'unknown'],
  ['http', { status: '5xx' }, 'error'],
  ['http', { status: 'ready' }, 'unknown'],
  ['rpc', { 'rpc.grpc.status_code': '13' }, 'error'],
  ['rpc', { 'rpc.grpc.status_code': '5' }, 'fine'],
  ['rpc', { 'rpc.response.status_code': 'Unavailable' }, 'error'],
  ['rpc', { 'rpc.method': 'Charge' }, 'unknown'],
] as const)('%s %j is %s', (protocol, attributes, expected) => {
  expect(verdictOf(protocol, new Map(Object.entries(attributes)))).toBe(expected)
})

test.each([
  [{ 'service.name': 'checkout' }, {}, 'checkout'],
  [{ job: 'shop/checkout', instance: 'a:1' }, {}, 'checkout'],
  [{ job: 'node' }, { service_name: 'cart' }, 'cart'],
  [{ 'service.name': 'unknown_service:node' }, {}, null],
  [{}, {}, null],
  [{ 'service.name': 'a\u0000b' }, {}, null],
  [{ 'service.name': 'a\ud800' }, {}, null],
  [{ 'service.name': 'Köln 🏔' }, {}, 'Köln 🏔'],
])('%j %j is of %s', (resource, point, expected) => {
  expect(serviceOf(new Map(Object.entries(resource)), new Map(Object.entries(point)))).toBe(expected)
})

test('a unit that is no time is none', () => {
  expect([unitOf('ms'), unitOf('s'), unitOf('By'), unitOf('')]).toEqual(['ms', 's', null, null])
})
