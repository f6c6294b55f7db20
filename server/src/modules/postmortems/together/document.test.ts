import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { AppError } from '../../../kernel/app-error.ts'
import { authorsOf, joinUpdate, openDocument, plainLines, stateOf, textsOf, writeTexts } from './document.ts'

const hand = 77
/** What an editor with this hand would send for what was done. */
function made(work: (doc: Y.Doc) => void, on: Uint8Array | null = null): Uint8Array {
  const doc = openDocument(on, [])
  doc.clientID = hand
  const before = Y.encodeStateVector(doc)
  work(doc)
  return Y.encodeStateAsUpdate(doc, before)
}
const base = stateOf(
  (() => {
    const doc = openDocument(null, [])
    writeTexts(doc, { summary: 'It failed.' }, 5)
    return doc
  })(),
)
const joining = (update: Uint8Array, client = hand) => {
  try {
    joinUpdate(openDocument(base, []), update, client)
    return 'ok'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

test.each([
  { what: 'a word', code: 'ok', update: made((doc) => doc.getText('summary').insert(3, 'really '), base) },
  { what: 'a deletion', code: 'ok', update: made((doc) => doc.getText('summary').delete(0, 3), base) },
  {
    what: 'a section that is none',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('x').insert(0, 'y')),
  },
  {
    what: 'a format',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('summary').insert(0, 'y', { bold: true })),
  },
  {
    what: 'an object',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('summary').insertEmbed(0, { a: 1 })),
  },
  {
    what: 'a nested text',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('summary').insertEmbed(0, new Y.Text('z'))),
  },
  {
    what: 'an attribute',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('summary').setAttribute('a', '<script>')),
  },
  { what: 'a map', code: 'postmortems.bad-update', update: made((doc) => doc.getMap('config').set('a', 1)) },
  {
    what: 'a NUL',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('summary').insert(0, 'a\u0000b')),
  },
  {
    what: 'another end of a line',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('summary').insert(0, 'a\r\nb')),
  },
  {
    what: 'too much text',
    code: 'postmortems.too-long',
    update: made((doc) => doc.getText('summary').insert(0, 'x'.repeat(100_001))),
  },
  {
    what: 'too many bytes',
    code: 'postmortems.bad-update',
    update: made((doc) => doc.getText('summary').insert(0, 'x'.repeat(600_000))),
  },
  { what: 'nothing', code: 'postmortems.bad-update', update: new Uint8Array() },
  { what: 'an empty update', code: 'ok', update: new Uint8Array([0, 0]) },
])('$what: $code', ({ update, code }) => {
  expect(joining(update)).toBe(code)
})

test('what another hand wrote is refused, also when it comes with own words', () => {
  const update = made((doc) => doc.getText('summary').insert(0, 'x'))
  expect(joining(update, 78)).toBe('postmortems.bad-update')
})

test('a whole state is joined: what others wrote and is here already is left aside, what is not here is refused', () => {
  const whole = (on: Uint8Array) => {
    const doc = openDocument(on, [])
    doc.clientID = hand
    doc.getText('summary').insert(3, 'really ')
    return stateOf(doc)
  }
  const server = openDocument(base, [])
  expect(joinUpdate(server, whole(base), hand).texts.summary).toBe('It really failed.')
  const more = openDocument(base, [])
  writeTexts(more, { summary: 'It failed. Twice.' }, 5)
  expect(joining(whole(stateOf(more)))).toBe('postmortems.bad-update')
})

test('what builds on something unknown is not joined, and joins when that has come', () => {
  const updates: Uint8Array[] = []
  const doc = openDocument(base, [])
  doc.clientID = hand
  doc.on('update', (update: Uint8Array) => updates.push(update))
  doc.getText('summary').insert(0, 'a')
  doc.getText('summary').insert(1, 'b')
  const [first = new Uint8Array(), second = new Uint8Array()] = updates
  expect(joining(second)).toBe('postmortems.update-ahead')
  const server = openDocument(base, [])
  joinUpdate(server, first, hand)
  expect(joinUpdate(server, second, hand).texts.summary).toBe('abIt failed.')
  expect(joinUpdate(server, second, hand)).toMatchObject({ update: null, changed: [] })
})

test('bytes of any kind are refused as input, never as a fault, and leave what was there', () => {
  const valid = made((doc) => doc.getText('summary').insert(3, 'really '), base)
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, value]) => {
      const changed = valid.slice()
      changed[at] = value
      return changed
    }),
    fc.nat(valid.length).map((length) => valid.slice(0, length)),
  )
  fc.assert(
    fc.property(bytes, (update) => {
      const doc = openDocument(base, [])
      try {
        const { texts } = joinUpdate(doc, update, hand)
        expect(Object.values(texts).every((text) => text.isWellFormed() && !text.includes('\u0000'))).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
        expect(['invalid', 'conflict', 'limited']).toContain(error instanceof AppError ? error.kind : null)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('whole texts are written as the change that leads to them, and every character has its author', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '😀', '😁'), maxLength: 20 })
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(5, 6, 7), text), { maxLength: 6 }), (writes) => {
      const doc = openDocument(null, [])
      const log: Uint8Array[] = []
      for (const [client, body] of writes) {
        const { update } = writeTexts(doc, { lessons: body }, client)
        if (update !== null) log.push(update)
        expect(textsOf(doc).lessons).toBe(plainLines(body))
      }
      expect(textsOf(openDocument(null, log))).toEqual(textsOf(doc))
      const runs = authorsOf(doc, 'lessons', (client) => `hand ${client}`)
      expect(runs.map((run) => run.text).join('')).toBe(textsOf(doc).lessons)
    }),
  )
})
