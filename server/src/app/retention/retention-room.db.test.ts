import { expect, test } from 'vitest'
import { openWorld } from '../../../test/world.ts'
import { listEntries } from '../../modules/audit/index.ts'

interface Hold {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly placedBy: string
}

test('an administrator holds and lifts, and the journal keeps why', async () => {
  const { as, database } = await openWorld({ name: 'holds' })
  const ask = await as('admin')
  const hold = await ask<Hold>('POST /api/v1/holds', { kind: 'service', name: 'checkout', reason: 'A claim.' })
  expect(hold).toMatchObject({ kind: 'service', name: 'checkout' })
  const again = { kind: 'service', name: 'checkout', reason: 'Another.' }
  expect(await ask('POST /api/v1/holds', again, { status: 409 })).toMatchObject({ code: 'retention.held' })
  for (const order of [
    { kind: 'person', name: 'nobody', reason: 'A claim.' },
    { kind: 'incident', name: '12', reason: 'A claim.' },
    { kind: 'service', reason: 'A claim.' },
  ])
    expect(await ask('POST /api/v1/holds', order, { status: 422 })).toMatchObject({ code: 'retention.unknown' })
  await ask('POST /api/v1/holds', { kind: 'person', name: 'ana', reason: 'Another.' })
  await ask('POST /api/v1/holds', { kind: 'everything', reason: 'An audit.' })
  expect((await ask<{ items: Hold[] }>('GET /api/v1/holds')).items.map((each) => each.kind)).toEqual([
    'everything',
    'person',
    'service',
  ])
  expect(await ask('GET /api/v1/retention')).toMatchObject({ held: true })
  await ask(`POST /api/v1/holds/${hold.id}/lift`, { reason: 'Settled.' })
  const gone = await ask(`POST /api/v1/holds/${hold.id}/lift`, { reason: 'Settled.' }, { status: 404 })
  expect(gone).toMatchObject({ code: 'retention.no-hold' })
  const [lifted] = await listEntries(database, { all: true }, { type: 'hold.*' }, null, 10)
  expect(lifted).toMatchObject({ type: 'hold.lifted', reason: 'Settled.', data: { kind: 'service', name: 'checkout' } })
})

test('everybody sees how long what is kept; holds are the administrator’s alone', async () => {
  const { as } = await openWorld({ name: 'kept' })
  const viewer = await as('viewer')
  const { rows } = await viewer<{ rows: { name: string; days: number | null; setting: string | null }[] }>(
    'GET /api/v1/retention',
  )
  expect(rows.find((row) => row.name === 'deliveries')).toMatchObject({
    days: 400,
    setting: 'MAINSTAY_KEEP_PAGES_DAYS',
  })
  expect(rows.find((row) => row.name === 'alerts')).toMatchObject({ days: null })
  expect(rows.find((row) => row.name === 'answers to repeats')).toMatchObject({ days: 2, setting: null })
  await viewer('GET /api/v1/holds', undefined, { status: 403 })
  const editor = await as('editor')
  await editor('POST /api/v1/holds', { kind: 'everything', reason: 'An audit.' }, { status: 403 })
})
