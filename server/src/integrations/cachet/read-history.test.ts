import { expect, test } from 'vitest'
import { readCachet } from './read-history.ts'

test('version 2: the message is the first word, and what was fixed without one ends when it was last changed', () => {
  const found = readCachet({
    meta: { pagination: { total: 1 } },
    data: [
      {
        id: 1,
        component_id: 2,
        name: 'Mail is slow',
        status: 4,
        message: 'We look into it.',
        occurred_at: '2026-01-05 17:00:00',
        updated_at: '2026-01-05 18:00:00',
        human_status: 'Fixed',
        updates: [{ id: 7, status: 2, message: 'A full queue.', created_at: '2026-01-05 17:20:00' }],
      },
      { id: 2, name: 'To come', status: 0, message: 'x', created_at: '2026-01-05 17:00:00' },
    ],
  })
  expect(found).toMatchObject({ from: 'Cachet', components: [] })
  expect(found?.posts).toMatchObject([
    {
      source: 'cachet:1',
      title: 'Mail is slow',
      updates: [
        { state: 'investigating', at: Date.parse('2026-01-05T17:00:00Z'), body: 'We look into it.' },
        { state: 'identified', body: 'A full queue.' },
        { state: 'resolved', at: Date.parse('2026-01-05T18:00:00Z'), body: '' },
      ],
    },
  ])
})

test('version 3: under attributes, times and states as objects', () => {
  const found = readCachet({
    data: [
      {
        id: '9',
        type: 'incidents',
        attributes: {
          name: 'Search fails',
          message: 'We look into it.',
          status: { human: 'Fixed', value: 4 },
          occurred_at: { human: '1 week ago', string: '2026-01-05T17:00:00Z' },
          updated_at: { string: '2026-01-05T19:00:00Z' },
        },
      },
    ],
  })
  expect(found?.posts[0]).toMatchObject({
    source: 'cachet:9',
    updates: [{ state: 'investigating' }, { state: 'resolved' }],
  })
})

test('anything else is none', () => {
  for (const other of [null, [], {}, { data: [] }, { data: [{ name: 'x', status: 9 }] }, { data: 'x' }])
    expect(readCachet(other)).toBeNull()
})
