// An acknowledgement races with the page it stops, a thousand times, on another server than the one that sends: a send
// that starts more than a second after it was answered is one too late.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '../proof/record.ts'
import { declareCompany, type Fleet, openFleet, report } from './fleet.ts'
import { eventually } from './product.ts'
import { chanceFrom } from './seeded.ts'

const races = 1_000
const people = 300
const promiseMs = 1_000
const atOnce = 12
/** Nothing is broken here: whoever waits as long waits for a machine that is asked too much. */
const patienceMs = 60_000
/** The longest time somebody hesitates: most messages leave in between. */
const hesitateMs = 600

const chance = chanceFrom(Number(process.env.MAINSTAY_PROOF_SEED ?? 20_261_121))
let fleet: Fleet
let watcher: pg.Pool

beforeAll(async () => {
  fleet = await openFleet(2)
  await declareCompany(fleet, races, people)
  watcher = new pg.Pool({ ...fleet.postgres.connection, max: 4 })
}, 300_000)

afterAll(async () => {
  await watcher?.end()
  await fleet?.stop()
}, 60_000)

test(`of ${races} acknowledgements none is overtaken by a page`, async () => {
  let next = 0
  // As many at once as the machine can take, on any machine: each begins its next race when the last one is over.
  const racers = Array.from({ length: atOnce }, async () => {
    for (let index = next++; index < races; index = next++) await race(index, chance.between(0, hesitateMs))
  })
  await Promise.all(racers)
  await eventually('nothing is on its way any more', async () => {
    const { rows } = await watcher.query(
      "select 1 from deliveries where phase in ('pending', 'sending') and purpose = 'page' limit 1",
    )
    return rows.length === 0 ? true : null
  })
  // The clock of the database wrote both times, so the load of this machine is in neither. The acknowledgement is answered
  // after its time was taken: whoever reads the answer is told later still.
  const { rows } = await watcher.query<{ races: number; sent: number; late: number; latestMs: number }>(
    `select count(distinct a.id)::int as races,
       count(distinct a.id) filter (where t.key is not null)::int as sent,
       count(t.key) filter (where t.started_at > a.acknowledged_at + $1 * interval '1 millisecond')::int as late,
       coalesce(max(extract(epoch from t.started_at - a.acknowledged_at) * 1000), 0)::int as "latestMs"
     from alerts a
     left join deliveries d on d.alert_id = a.id and d.purpose = 'page'
     left join delivery_attempts t on t.key = d.key and t.outcome is distinct from 'stopped'
     where a.acknowledged_at is not null`,
    [promiseMs],
  )
  const [row] = rows
  record('acknowledge', {
    races: row?.races ?? 0,
    late: row?.late ?? 0,
    unsent: (row?.races ?? 0) - (row?.sent ?? 0),
    latestMs: Math.max(0, row?.latestMs ?? 0),
  })
  expect(row?.races).toBe(races)
  expect(row?.late).toBe(0)
  // They did race: some were quicker than their page, and some were not.
  expect(row?.sent).toBeGreaterThan(races / 20)
  expect(row?.sent).toBeLessThan(races)
}, 3_600_000)

async function race(index: number, afterMs: number): Promise<void> {
  const title = `race-${String(index).padStart(5, '0')}`
  expect(await report(fleet, index, title, patienceMs)).toBe(true)
  await wait(afterMs)
  // The other server than the one that took it in, half of the time the one that sends.
  const { server } = fleet.members[(index + 1) % fleet.members.length] ?? {}
  const url = server?.url ?? ''
  const { rows } = await watcher.query<{ id: string }>('select id from alerts where title = $1', [title])
  const id = rows[0]?.id ?? ''
  await eventually(`${title} is acknowledged`, async () => {
    const reply = await fetch(`${url}/api/v1/alerts/${id}/acknowledge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fleet.token}` },
    }).catch(() => null)
    await reply?.arrayBuffer()
    return reply?.ok === true ? true : null
  })
}
