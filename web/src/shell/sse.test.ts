import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventReader } from './sse.ts'

const stream =
  'retry: 2000\n\n: heartbeat\n\nid: 7\nevent: alert.opened\ndata: {"a":1}\n\nid: 8\r\ndata: one\r\ndata: two\r\n\r\n'
const events = [
  { id: '7', type: 'alert.opened', data: '{"a":1}' },
  { id: '8', type: 'message', data: 'one\ntwo' },
]

test('however the network cuts the stream, the same events come out', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 12 }), (cuts) => {
      const reader = createEventReader()
      const places = [...new Set([0, ...cuts, stream.length])].sort((a, b) => a - b)
      const read = places.slice(1).flatMap((end, index) => reader.push(stream.slice(places[index], end)))
      expect(read).toEqual(events)
    }),
  )
})

test('half an event is no event', () => {
  expect(createEventReader().push('data: {"a":1}\n')).toEqual([])
})

test('a heartbeat moves the place without being an event', () => {
  const reader = createEventReader()
  expect(reader.push(': beat\nid: 41\n\n')).toEqual([])
  expect(reader.lastId()).toBe('41')
})
