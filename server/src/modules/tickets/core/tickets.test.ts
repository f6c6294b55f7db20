import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  awayForMs,
  decideAgreement,
  draftOf,
  longestTitle,
  lookAgainMs,
  mappingFaults,
  mappingOf,
  readState,
  type Speech,
  sayable,
  type TicketState,
  ticketStates,
  vocabularyOf,
} from './index.ts'

const both = (state: TicketState) => ({ ours: state, theirs: state })

test.each([
  { base: 'open', ours: 'open', theirs: 'open', kind: 'agreed' },
  { base: 'open', ours: 'done', theirs: 'open', kind: 'tell' },
  { base: 'open', ours: 'open', theirs: 'done', kind: 'follow' },
  { base: 'open', ours: 'done', theirs: 'done', kind: 'agreed' }, // our own change came back, or both did the same
  { base: 'open', ours: 'done', theirs: 'dropped', kind: 'conflict' },
  { base: 'done', ours: 'open', theirs: 'done', kind: 'tell' },
  { base: 'done', ours: 'done', theirs: 'open', kind: 'follow' },
  { base: null, ours: 'open', theirs: 'done', kind: 'tell' },
] as const)('$base, ours $ours, theirs $theirs: $kind', ({ kind, base, ...sides }) => {
  expect(decideAgreement({ base: base === null ? null : both(base), ...sides }).kind).toBe(kind)
})

// A resolved incident whose ticket went back to "to do" is active: that is agreed, and neither is pushed.
test.each([
  { ours: 'doing', theirs: 'open', kind: 'agreed' },
  { ours: 'done', theirs: 'open', kind: 'tell' },
  { ours: 'doing', theirs: 'done', kind: 'follow' },
  { ours: 'doing', theirs: 'doing', kind: 'agreed' },
  { ours: 'open', theirs: 'done', kind: 'conflict' },
] as const)('agreed on doing here and open there; now $ours and $theirs: $kind', ({ kind, ...sides }) => {
  expect(decideAgreement({ base: { ours: 'doing', theirs: 'open' }, ...sides }).kind).toBe(kind)
})

const state = fc.constantFrom(...ticketStates)
const trackers: readonly Speech[] = [
  { names: { open: ['open'], done: ['completed'], dropped: ['not_planned'] }, doing: false },
  { names: { open: ['opened'], done: ['closed'] }, doing: false },
  { names: {}, doing: true },
  { names: { open: ['1'], doing: ['2'], done: ['6'], dropped: ['8'] }, doing: false },
]

test('whatever was said, the sides agree after one answer, and stay so: nothing goes back and forth', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...trackers),
      fc.constantFrom('incident' as const, 'action' as const),
      fc.option(state),
      state,
      state,
      state,
      (speech, subject, lastAgreed, mine, yours, became) => {
        const words = vocabularyOf(subject, speech, speech.names)
        const say = (each: TicketState) => sayable(each, words)
        const sides = { base: lastAgreed === null ? null : both(say(lastAgreed)), ours: say(mine), theirs: say(yours) }
        const first = decideAgreement(sides)
        if (first.kind === 'conflict') return
        // Followed, ours may have become something else than what was asked.
        const after = {
          ours: first.kind === 'follow' ? say(became) : sides.ours,
          theirs: first.kind === 'tell' ? first.to : sides.theirs,
        }
        expect(decideAgreement({ base: after, ...after })).toEqual({ kind: 'agreed' })
        // What the tracker calls it is read as what it was told to become.
        const name = speech.names[after.theirs]?.[0]
        if (name !== undefined) expect(say(readState(name, null, speech.names) ?? after.theirs)).toBe(after.theirs)
      },
    ),
  )
})

test('what one side cannot say is the nearest it can', () => {
  const gitlab = { names: { open: ['opened'], done: ['closed'] }, doing: false }
  const words = vocabularyOf('action', gitlab, gitlab.names)
  expect(ticketStates.map((each) => sayable(each, words))).toEqual(['open', 'open', 'done', 'done'])
  const jira = { names: {}, doing: true }
  expect(ticketStates.map((each) => sayable(each, vocabularyOf('incident', jira, {})))).toEqual([
    'open',
    'doing',
    'done',
    'done',
  ])
})

test('configured names go before categories, in any case', () => {
  const mapping = mappingOf({ names: { open: ['1'], done: ['6', '7'] }, doing: false }, { done: ['Shipped'] })
  expect(readState('shipped ', 'open', mapping)).toBe('done')
  expect(readState('6', null, mapping)).toBeNull()
  expect(readState('1', null, mapping)).toBe('open')
  expect(readState('Waiting for QA', 'doing', mapping)).toBe('doing')
})

test('one name stands for one state', () => {
  expect(mappingFaults({ open: ['To Do'], done: ['Done', 'to do'] })).toEqual([
    { state: 'done', detail: '"to do" stands for open already.' },
  ])
  expect(mappingFaults({ open: ['To Do', 'to do'] })).toEqual([])
})

const subject = {
  kind: 'incident',
  id: 'b5f8a5b0-4b7a-4d0f-9d0e-6f7a2f0e2a11',
  number: 7,
  title: 'Payments\nfail',
  lines: ['Severity SEV1', 'On payment'],
  url: 'https://mainstay.example/incidents/b5f8',
  restricted: false,
} as const

test('a ticket says what it is about, unless that is for few', () => {
  expect(draftOf(subject, 'x', null)).toMatchObject({
    mark: 'mainstay-x',
    title: 'Incident 7: Payments fail',
    lines: subject.lines,
  })
  expect(draftOf(subject, 'x', 'Look at payments').title).toBe('Look at payments')
  const closed = JSON.stringify(draftOf({ ...subject, restricted: true }, 'x', 'Payments leak cards'))
  expect(closed).not.toMatch(/Payments|SEV1|cards/)
  expect(closed).toContain('Restricted incident 7')
})

test('no title is longer than the shortest tracker takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '🔥', 'é', '\n'), maxLength: 400 }), (title) => {
      const said = draftOf({ ...subject, title }, 'x', null).title
      expect(said.length).toBeLessThanOrEqual(longestTitle)
      expect(said.isWellFormed()).toBe(true)
      expect(said).not.toMatch(/[\r\n]/)
    }),
  )
})

test('thousands of tickets are looked at less often, and what is over once a day', () => {
  expect(lookAgainMs('open', 1)).toBe(300_000)
  expect(lookAgainMs('doing', 1_000)).toBe(3_000_000)
  expect(lookAgainMs('done', 1)).toBe(86_400_000)
})

test('a tracker that fails is asked seldom, one that says when is believed within an hour', () => {
  expect(awayForMs(0, null)).toBe(5_000)
  expect(awayForMs(50, null)).toBe(300_000)
  expect(awayForMs(0, 90_000)).toBe(90_000)
  expect(awayForMs(0, 0)).toBe(1_000)
  expect(awayForMs(0, 86_400_000)).toBe(3_600_000)
})
