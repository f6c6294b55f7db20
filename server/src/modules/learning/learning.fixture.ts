// Incidents, postmortems and what is learnt of them, on one database, with short ways to ask.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type IncidentsWorld, openIncidentsWorld } from '../incidents/incidents.fixture.ts'
import { postmortemsRoom } from '../postmortems/postmortems.module.ts'
import { learningRoom } from './learning.module.ts'

/** A Monday. */
export const start = instant(Date.UTC(2026, 2, 2, 3))
export const at = (ms: number): string => formatInstant(plus(start, ms))

/** Opened before the tests of the file, emptied and set to the start before each. */
export function learningWorld(name: string) {
  let opened: IncidentsWorld
  beforeAll(async () => {
    opened = await openIncidentsWorld(name, (needs, people) => [
      postmortemsRoom(needs, people),
      learningRoom(needs, people),
    ])
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await opened.clear()
    await opened.owner.query(
      'truncate postmortems, problems, incident_classes, incident_repeats, learnt_texts, learnt_unread cascade',
    )
    await opened.clock.set(start)
  })
  type Method = 'GET' | 'POST' | 'PATCH' | 'PUT'
  return {
    world: () => opened,
    send: async (method: Method, path: string, body: object, as = 'ana') =>
      (await opened.call({ method, url: `/api/v1/${path}`, as, body })).json(),
    get: async (path: string, as = 'ana') => (await opened.call({ url: `/api/v1/${path}`, as })).json(),
  }
}
