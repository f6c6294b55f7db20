import { expect, test } from 'vitest'
import { readStatuspage } from './read-history.ts'

const outage = {
  id: 'p31zjtct2jer',
  name: 'Payments fail',
  status: 'resolved',
  impact: 'major',
  created_at: '2026-01-05T09:00:00.000-08:00',
  incident_updates: [
    {
      id: 'u3',
      status: 'postmortem',
      body: 'What we learnt.',
      display_at: '2026-01-09T10:00:00.000Z',
      affected_components: null,
    },
    { id: 'u2', status: 'resolved', body: 'It is over.', created_at: '2026-01-05T18:00:00.000Z' },
    {
      id: 'u1',
      status: 'investigating',
      body: 'We look into it.',
      display_at: '2026-01-05T17:05:00.000Z',
      affected_components: [
        { code: 'c1', name: 'Shop - Checkout', old_status: 'operational', new_status: 'major_outage' },
        { code: 'c2', name: 'Search', old_status: 'operational', new_status: 'unheard_of' },
      ],
    },
  ],
}
const upgrade = {
  id: 'm1',
  name: 'New disks',
  status: 'completed',
  scheduled_for: '2026-01-02T02:00:00Z',
  scheduled_until: '2026-01-02T04:00:00Z',
  incident_updates: [
    { status: 'completed', body: 'Done.', created_at: '2026-01-02T04:00:00Z' },
    { status: 'verifying', body: 'Nearly.', created_at: '2026-01-02T03:50:00Z' },
    { status: 'scheduled', body: 'We add disks.', created_at: '2026-01-01T02:00:00Z' },
  ],
}

test('incidents and maintenance with their times, impacts and the names of components', () => {
  const found = readStatuspage({
    page: { id: 'x' },
    incidents: [outage],
    scheduled_maintenances: [upgrade],
    components: [
      { id: 'c1', name: 'Checkout', group: false },
      { id: 'g', name: 'Shop', group: true },
    ],
  })
  expect(found).toMatchObject({ from: 'Statuspage', components: ['Checkout', 'Search'] })
  const [first, second] = found?.posts ?? []
  expect(first).toMatchObject({
    source: 'statuspage:p31zjtct2jer',
    kind: 'incident',
    title: 'Payments fail',
    startsAt: null,
    updates: [
      { state: 'resolved', at: Date.parse('2026-01-09T10:00:00Z') },
      { state: 'resolved', body: 'It is over.' },
      { state: 'investigating', at: Date.parse('2026-01-05T17:05:00Z'), impacts: { Checkout: 'major_outage' } },
    ],
  })
  expect(second).toMatchObject({
    kind: 'maintenance',
    startsAt: Date.parse('2026-01-02T02:00:00Z'),
    updates: [{ state: 'completed' }, { state: 'in_progress' }, { state: 'scheduled' }],
  })
})

test('a bare list is one too; anything else is none', () => {
  expect(readStatuspage([outage])?.posts).toHaveLength(1)
  for (const other of [null, 7, 'x', [], {}, { incidents: [{ name: 'no updates' }] }, { data: [] }])
    expect(readStatuspage(other)).toBeNull()
})
