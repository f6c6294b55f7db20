// The console's hand on a shared document, against a server that refuses, is away, loses what it had, or begins anew.
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { failureOf, failureOfRefusal } from '../../../../../web/src/rooms/postmortems/together/browser-wire.ts'
import { carryOver, textsIn } from '../../../../../web/src/rooms/postmortems/together/carry.ts'
import { openSession, type Session } from '../../../../../web/src/rooms/postmortems/together/session.ts'
import type { LiveEvent, Wire } from '../../../../../web/src/rooms/postmortems/together/wire.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { joinUpdate, openDocument, stateOf, textsOf, writeTexts } from './document.ts'

class Refusal extends Error {
  readonly refusal: { readonly status: number; readonly code: string; readonly detail: string }
  constructor(status: number, code: string, detail = '') {
    super(detail)
    this.refusal = { status, code, detail }
  }
}
const statuses = { invalid: 422, 'not-found': 404, forbidden: 403, conflict: 409, limited: 429, unavailable: 503 }

interface Server {
  readonly wire: Wire
  text(): string
  /** Answers nothing but 503 until it is back. */
  away(isAway: boolean): void
  /** The next write is taken and its answer lost. */
  loseAnswer(): void
  /** The whole document is not to be had. */
  refuseReads(refused: boolean): void
  /** Written by another hand while nobody hears it. */
  writeUnheard(text: string): void
  reset(): void
  /** Its state of now, to go back to. */
  copy(): Uint8Array
  restore(state: Uint8Array): void
  beginAnew(): void
}

/** Judges and joins as the server does; only the wire between them is played. */
function openServer(): Server {
  const followers = new Set<(event: LiveEvent) => void>()
  let [doc, epoch, seq, isAway] = [openDocument(null, []), 0, 0, false]
  let hands: number[] = []
  let next = 100
  let [losesAnswer, refusesReads] = [false, false]
  const shared = () => ({ epoch, seq, state: stateOf(doc) })
  const check = async () => {
    if (isAway) throw new Refusal(503, 'http.unavailable')
  }
  return {
    wire: {
      join: async () => {
        await check()
        hands.push(++next)
        return { client: next, ...shared() }
      },
      read: async () => {
        await check()
        if (refusesReads) throw new Refusal(503, 'http.unavailable')
        return shared()
      },
      write: async (client, update) => {
        await check()
        if (!hands.includes(client)) throw new Refusal(403, 'postmortems.not-your-hand')
        const joining = openDocument(stateOf(doc), [])
        try {
          joinUpdate(joining, update, client)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          throw new Refusal(statuses[error.kind], error.code, error.message)
        }
        doc = joining
        seq += 1
        if (losesAnswer) {
          losesAnswer = false
          isAway = true
          throw new Refusal(0, 'http.no-answer')
        }
        for (const hear of followers) hear({ type: 'update', seq, update })
      },
      here: async () => undefined,
      follow: (_after, hear, signal) =>
        new Promise((resolve) => {
          followers.add(hear)
          signal.addEventListener('abort', () => {
            followers.delete(hear)
            resolve()
          })
        }),
      failureOf: (error) => (error instanceof Refusal ? failureOfRefusal(error.refusal) : failureOf(error)),
    },
    text: () => textsOf(doc).lessons,
    away: (now) => {
      isAway = now
    },
    loseAnswer: () => {
      losesAnswer = true
    },
    refuseReads: (refused) => {
      refusesReads = refused
    },
    writeUnheard: (text) => {
      writeTexts(doc, { lessons: text }, 9)
      seq += 1
    },
    reset: () => {
      for (const hear of followers) hear({ type: 'reset' })
    },
    copy: () => stateOf(doc),
    restore: (state) => {
      doc = openDocument(state, [])
    },
    beginAnew: () => {
      const texts = textsOf(doc)
      doc = openDocument(null, [])
      writeTexts(doc, texts, 7)
      hands = []
      epoch += 1
      seq += 1
    },
  }
}

const long = { timeout: 20_000 }
async function enter(server: Server): Promise<Session> {
  const session = openSession(server.wire, { bunchMs: 1, retryMs: [1, 2, 5], hereMs: 1_000 })
  onTestFinished(async () => {
    server.away(false)
    await session.close()
  })
  await expect.poll(() => session.client(), long).not.toBe(0)
  return session
}
const lessons = (session: Session) => session.doc.getText('lessons')
const isKept = (session: Session) => expect.poll(() => session.unsent(), long).toBe(false)

test('a first join that fails is tried again, and nobody has a hand before', async () => {
  const server = openServer()
  server.away(true)
  const session = openSession(server.wire, { bunchMs: 1, retryMs: [1], hereMs: 1_000 })
  await expect.poll(() => session.state().kind, long).toBe('away')
  expect(session.client()).toBe(0)
  server.away(false)
  await expect.poll(() => session.client(), long).not.toBe(0)
  lessons(session).insert(0, 'Typed by a hand.')
  expect(await session.close()).toBe(true)
  expect(server.text()).toBe('Typed by a hand.')
})

test.each([
  [429, 'postmortems.too-long', 'refused'],
  [429, 'http.too-many-requests', 'away'],
  [503, 'http.unavailable', 'away'],
  [401, 'identity.signed-out', 'away'],
  [403, 'postmortems.not-your-hand', 'anew'],
  [409, 'postmortems.update-ahead', 'ahead'],
  [409, 'postmortems.published', 'closed'],
  [422, 'postmortems.bad-update', 'refused'],
])('%i %s is %s', (status, code, kind) => {
  expect(failureOfRefusal({ status, code, detail: 'So it is.' }).kind).toBe(kind)
})

test('what is too long is refused with its reason, and the text is still there to be copied', async () => {
  const session = await enter(openServer())
  lessons(session).insert(0, 'x'.repeat(100_001))
  await expect.poll(() => session.state(), long).toMatchObject({ kind: 'refused', because: /100000 characters/ })
  expect(await session.close()).toBe(false)
  expect(session.unkept().get('lessons')?.length).toBe(100_001)
})

test('a server that lost what it had hears it again from each hand that wrote it', async () => {
  const server = openServer()
  const before = server.copy()
  const [ana, ben] = [await enter(server), await enter(server)]
  lessons(ana).insert(0, 'Ana. ')
  await isKept(ana)
  await expect.poll(() => lessons(ben).toString(), long).toBe('Ana. ')
  lessons(ben).insert(5, 'Ben. ')
  await isKept(ben)
  await expect.poll(() => lessons(ana).toString(), long).toBe('Ana. Ben. ')
  server.restore(before)
  // Builds on what Ben wrote, and the document of Ana holds items of his hand.
  lessons(ana).insert(10, 'More.')
  lessons(ben).insert(0, 'Then: ')
  await expect.poll(() => server.text(), long).toBe('Then: Ana. Ben. More.')
  await isKept(ana)
  await isKept(ben)
})

test('what nobody can bring back is not lost without a word', async () => {
  const server = openServer()
  const before = server.copy()
  const [ana, ben] = [await enter(server), await enter(server)]
  lessons(ben).insert(0, 'Ben. ')
  await isKept(ben)
  await expect.poll(() => lessons(ana).toString(), long).toBe('Ben. ')
  await ben.close()
  server.restore(before)
  lessons(ana).insert(5, 'Ana.')
  await expect.poll(() => ana.state(), long).toMatchObject({ kind: 'refused', because: /has lost part/ })
  expect(await ana.close()).toBe(false)
  expect(ana.unkept().get('lessons')).toBe('Ben. Ana.')
})

test('a document that was begun anew is joined anew, with all that was not sent', async () => {
  const server = openServer()
  const [ana, ben] = [await enter(server), await enter(server)]
  lessons(ana).insert(0, 'First. Last.')
  await isKept(ana)
  await expect.poll(() => lessons(ben).toString(), long).toBe('First. Last.')
  server.away(true)
  lessons(ana).insert(7, 'Of Ana. ')
  lessons(ben).insert(12, ' Of Ben.')
  await expect.poll(() => [ana.state().kind, ben.state().kind], long).toEqual(['away', 'away'])
  const old = ana.doc
  server.beginAnew()
  server.away(false)
  await expect.poll(() => server.text(), long).toBe('First. Of Ana. Last. Of Ben.')
  await isKept(ana)
  await isKept(ben)
  expect(ana.doc).not.toBe(old)
  await expect.poll(() => lessons(ana).toString(), long).toBe('First. Of Ana. Last. Of Ben.')
  await expect.poll(() => lessons(ben).toString(), long).toBe('First. Of Ana. Last. Of Ben.')
  // A word that was still being composed in the old field.
  old.getText('lessons').insert(0, 'Oh. ')
  await expect.poll(() => server.text(), long).toBe('Oh. First. Of Ana. Last. Of Ben.')
})

test('what was written while the answer was lost and the document begun anew is there once', async () => {
  const server = openServer()
  const ana = await enter(server)
  lessons(ana).insert(0, 'First. ')
  await isKept(ana)
  server.loseAnswer()
  lessons(ana).insert(7, 'Second. ')
  await expect.poll(() => server.text(), long).toBe('First. Second. ')
  lessons(ana).insert(15, 'Third.')
  server.beginAnew()
  server.away(false)
  await isKept(ana)
  await expect.poll(() => server.text(), long).toBe('First. Second. Third.')
  expect(lessons(ana).toString()).toBe('First. Second. Third.')
})

test('what was missed is asked for until it is here', async () => {
  const server = openServer()
  const ana = await enter(server)
  server.refuseReads(true)
  server.writeUnheard('Of Ben, unheard.')
  server.reset()
  await expect.poll(() => ana.state().kind, long).toBe('away')
  server.refuseReads(false)
  await expect.poll(() => lessons(ana).toString(), long).toBe('Of Ben, unheard.')
})

test('what is carried over is the text that was written, when nobody else wrote meanwhile', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '😀'), maxLength: 20 })
  const has = (body: string) => {
    const doc = new Y.Doc()
    doc.getText('lessons').insert(0, body)
    return doc
  }
  fc.assert(
    fc.property(text, text, (base, other) => {
      const [mine, theirs] = [has(base), has(other)]
      carryOver(mine, textsIn(has(base)), textsIn(has(other)))
      expect(mine.getText('lessons').toString()).toBe(other)
      carryOver(theirs, textsIn(has(base)), textsIn(has(base)))
      expect(theirs.getText('lessons').toString()).toBe(other)
    }),
  )
})
