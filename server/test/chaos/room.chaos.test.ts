// One incident room, three servers on one PostgreSQL, people who read it live on each of them while others write. One server
// is killed: nothing that was written down is lost, nobody who reads misses a line or gets one twice.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followStream, type Heard, type StreamReader } from '../stream-reader.ts'
import { type Fleet, openFleet } from './fleet.ts'
import { eventually, read } from './product.ts'

const [readers, writers, linesOfEach] = [12, 3, 25]

let fleet: Fleet
beforeAll(async () => {
  fleet = await openFleet(3)
})
afterAll(() => fleet?.stop())

const urlsFrom = (index: number) => fleet.members.map((_, step) => urlOf(index + step))
function urlOf(index: number): string {
  const member = fleet.members[index % fleet.members.length]
  if (member === undefined) throw new Error('There is no such server.')
  return member.server.url
}

const noteOf = ({ data }: Heard): string | null => {
  const entry = data as { type?: string; data?: { text?: string } }
  return entry.type === 'incident.note-added' ? (entry.data?.text ?? null) : null
}

test('a server killed while a room is led: no line is lost, who reads goes on where it was', async () => {
  const authorization = `Bearer ${fleet.token}`
  const send = (url: string, path: string, body: object, key: string) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
  const declared = await send(urlOf(0), '/api/v1/incidents', { title: 'Payments fail', severity: 'SEV1' }, 'declare')
  expect(declared.status).toBe(201)
  const { id } = (await declared.json()) as { id: string }

  const following: readonly StreamReader[] = Array.from({ length: readers }, (_, index) =>
    followStream(urlsFrom(index), { authorization }),
  )
  await Promise.all(following.map((each) => each.ready))

  // Who is not answered asks the next server, with the same key: it is written down once.
  let written = 0
  const write = async (writer: number): Promise<void> => {
    for (let line = 0; line < linesOfEach; line += 1) {
      const text = `line ${line} of writer ${writer}`
      for (let attempt = 0; ; attempt += 1) {
        const url = urlOf(writer + attempt)
        const reply = await send(url, `/api/v1/incidents/${id}/notes`, { text }, `${writer}-${line}`).catch(() => null)
        await reply?.arrayBuffer().catch(() => null)
        if (reply?.status === 201) break
        if (reply !== null && reply.status < 500 && ![409, 429].includes(reply.status))
          throw new Error(`Line ${line} of writer ${writer} was refused with ${reply.status}.`)
        await wait(50)
      }
      written += 1
    }
  }
  const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  const part = eventually('a part is written', async () => (written >= (writers * linesOfEach) / 3 ? true : null))
  await Promise.race([part, writing])
  const [, victim] = fleet.members
  await victim?.server.kill()
  await writing
  const expected = Array.from({ length: writers }, (_, writer) =>
    Array.from({ length: linesOfEach }, (_each, line) => `line ${line} of writer ${writer}`),
  )
    .flat()
    .sort()

  // As it is read afterwards.
  const timeline = await read<{ items: { type: string; data: { text?: string } }[] }>(
    urlOf(0),
    fleet.token,
    `/api/v1/incidents/${id}/timeline?limit=1000`,
  )
  const lines = timeline.items.flatMap((each) => (each.type === 'incident.note-added' ? (each.data.text ?? []) : []))
  expect(lines.sort()).toEqual(expected)

  // As everybody heard it, those of the killed server too.
  for (const reader of following)
    await eventually('everybody has heard everything', async () =>
      reader.heard.flatMap((each) => noteOf(each) ?? []).length >= expected.length ? true : null,
    )
  await Promise.all(following.map((each) => each.stop()))
  for (const reader of following) {
    expect(reader.heard.flatMap((each) => noteOf(each) ?? []).sort()).toEqual(expected)
    expect(reader.resets).toBe(0)
  }
  expect(following.some((each) => each.connects > 1)).toBe(true)
}, 300_000)
