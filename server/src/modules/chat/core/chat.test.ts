import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import {
  awayForMs,
  bundleOf,
  type IncidentFacts,
  type JournalFact,
  nextStep,
  type RoomState,
  readCommand,
  roomName,
  summaryOf,
  textOf,
  topicOf,
  wantsRoom,
} from './index.ts'

test.each([
  ['declare checkout is  down', { kind: 'declare', title: 'checkout is down', severity: null }, null],
  ['/mainstay declare SEV-1: checkout is down', { kind: 'declare', title: 'checkout is down', severity: 'SEV1' }, null],
  ['declare', { kind: 'declare', title: null, severity: null }, null],
  ['declare sev2', { kind: 'declare', title: null, severity: 'SEV2' }, null],
  ['declare p1 nobody can pay', { kind: 'declare', title: 'nobody can pay', severity: 'P1' }, null],
  ['ack', { kind: 'acknowledge' }, null],
  ['#42 ack', { kind: 'acknowledge' }, 42],
  ['inc-42 ACK', { kind: 'acknowledge' }, 42],
  ['42', { kind: 'status' }, 42],
  ['', { kind: 'help' }, null],
  ['sev 2 because it spreads', { kind: 'severity', severity: 'SEV2', reason: 'it spreads' }, null],
  ['sev2: it spreads', { kind: 'severity', severity: 'SEV2', reason: 'it spreads' }, null],
  ['severity SEV3 - calmer', { kind: 'severity', severity: 'SEV3', reason: 'calmer' }, null],
  ['p0 because all is lost', { kind: 'severity', severity: 'P0', reason: 'all is lost' }, null],
  ['role commander @ana', { kind: 'role', role: 'commander', person: { kind: 'name', name: 'ana' } }, null],
  ['role ic <@U024BE7LH>', { kind: 'role', role: 'commander', person: { kind: 'user', id: 'U024BE7LH' } }, null],
  ['role comms', { kind: 'role', role: 'communications-lead', person: { kind: 'self' } }, null],
  ['lead', { kind: 'role', role: 'commander', person: { kind: 'self' } }, null],
  ['offer comms @ben', { kind: 'offer', role: 'communications-lead', person: { kind: 'name', name: 'ben' } }, null],
  ['accept comms', { kind: 'answer-offer', role: 'communications-lead', accept: true }, null],
  ['decline ic', { kind: 'answer-offer', role: 'commander', accept: false }, null],
  ['update', { kind: 'update', audience: 'company', customer: null, text: null }, null],
  ['update we roll back', { kind: 'update', audience: 'company', customer: null, text: 'we roll back' }, null],
  // Only `to` names whom: these are words of the text.
  [
    'update customers: all can pay',
    { kind: 'update', audience: 'company', customer: null, text: 'customers: all can pay' },
    null,
  ],
  [
    'update to the bank we said nothing',
    { kind: 'update', audience: 'company', customer: null, text: 'to the bank we said nothing' },
    null,
  ],
  ['update to executives: we wait', { kind: 'update', audience: 'executives', customer: null, text: 'we wait' }, null],
  [
    'update to Customer acme: your orders wait',
    { kind: 'update', audience: 'customer', customer: 'acme', text: 'your orders wait' },
    null,
  ],
  ['approve 2', { kind: 'decide-update', proposal: 2, approve: true, reason: null }, null],
  [
    'disapprove #2 because it names a machine',
    { kind: 'decide-update', proposal: 2, approve: false, reason: 'it names a machine' },
    null,
  ],
  ['withdraw 2', { kind: 'withdraw-update', proposal: 2, reason: null }, null],
  ['7 withdraw #2 because it is early', { kind: 'withdraw-update', proposal: 2, reason: 'it is early' }, 7],
  ['impact orders fail', { kind: 'impact', people: null, text: 'orders fail' }, null],
  ['impact 12,000 people: orders fail', { kind: 'impact', people: 12_000, text: 'orders fail' }, null],
  ['hurt 40 users', { kind: 'impact', people: 40, text: null }, null],
  ['impact 2 zones are away', { kind: 'impact', people: null, text: '2 zones are away' }, null],
  ['42 merge into #41 because the bank is the cause', { kind: 'merge', into: 41, reason: 'the bank is the cause' }, 42],
  ['pin', { kind: 'pin', objective: null, backMs: null }, null],
  ['pin 90m', { kind: 'pin', objective: null, backMs: 5_400_000 }, null],
  ['42 pin payment-availability', { kind: 'pin', objective: 'payment-availability', backMs: null }, 42],
  ['pin payment-availability 2h', { kind: 'pin', objective: 'payment-availability', backMs: 7_200_000 }, null],
  ['note saw\nit too', { kind: 'note', text: 'saw\nit too' }, null],
  ['task drain zone b @ben', { kind: 'task', text: 'drain zone b', owner: { kind: 'name', name: 'ben' } }, null],
  ['task drain zone b', { kind: 'task', text: 'drain zone b', owner: null }, null],
  [
    'decide roll back because it began with 4.2',
    { kind: 'decision', text: 'roll back', reason: 'it began with 4.2' },
    null,
  ],
  ['suspect the release dropped the retry', { kind: 'hypothesis', text: 'the release dropped the retry' }, null],
  ['try rolled back to 1.4', { kind: 'mitigation', text: 'rolled back to 1.4', objective: null }, null],
  [
    'try rolled back proven by payment-answers',
    { kind: 'mitigation', text: 'rolled back', objective: 'payment-answers' },
    null,
  ],
  [
    '7 vendor bank: cards time out: all of them',
    { kind: 'vendor-case', vendor: 'bank', caseNumber: null, text: 'cards time out: all of them' },
    7,
  ],
  [
    'vendor Card Network, case CN-12: cards time out',
    { kind: 'vendor-case', vendor: 'Card Network', caseNumber: 'CN-12', text: 'cards time out' },
    null,
  ],
  ['mitigated', { kind: 'move', to: 'mitigated', note: null }, null],
  ['resolved rolled back', { kind: 'move', to: 'resolved', note: 'rolled back' }, null],
  ['reopen because it is back', { kind: 'move', to: 'active', note: 'it is back' }, null],
  ['help', { kind: 'help' }, null],
])('%j is understood', (text, command, incident) => {
  expect(readCommand(text)).toEqual({ ok: true, incident, command })
})

test.each([
  ['sev 2', /because REASON/],
  ['sev because', /because REASON/],
  ['role boss @ana', /commander/],
  ['role commander somebody else', /nobody's name/],
  ['note', /note TEXT/],
  ['task @ana', /task TEXT/],
  ['decide roll back', /because REASON/],
  ['suspect', /suspect TEXT/],
  ['try proven by payment-answers', /try TEXT/],
  ['vendor bank', /vendor NAME/],
  ['vendor bank case 12:', /vendor NAME/],
  ['offer commander', /offer commander @ana/],
  ['accept boss', /accept commander/],
  ['update to boss: hello', /One of responders, company, executives, customers, customer NAME/],
  ['update to customer: hello', /update to customer NAME/],
  ['update to customers acme: hello', /update to customers: TEXT/],
  ['update to executives:', /update to executives: TEXT/],
  ['approve it', /approve 1/],
  ['approve 0', /approve 1/],
  ['disapprove 2', /because REASON/],
  ['withdraw', /withdraw 1/],
  ['pin the graph', /pin \[OBJECTIVE\] \[2h\]/],
  ['pin 2 hours', /pin \[OBJECTIVE\] \[2h\]/],
  ['pin 2x', /pin \[OBJECTIVE\] \[2h\]/],
  ['impact', /impact \[1200 people:\] TEXT/],
  ['merge into 41', /because REASON/],
  ['merge with the other', /because REASON/],
  ['reslove', /Did you mean `resolve`/],
  ['constructor', /no command/],
  ['x'.repeat(6_000), /at most/],
])('%s is refused with the way out', (text, sentence) => {
  const read = readCommand(text)
  expect(read).toMatchObject({ ok: false })
  expect(read.ok ? '' : read.sentence).toMatch(sentence)
})

test('any text is either a command or a sentence about it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const read = readCommand(text)
      if (!read.ok) expect(read.sentence).toMatch(/\S/)
    }),
  )
})

test.each([
  [{ title: 'Checkout: errors!', kind: 'normal' }, 'inc-42-checkout-errors'],
  [{ title: 'Zahlungsausfälle in Köln', kind: 'normal' }, 'inc-42-zahlungsausfalle-in-koln'],
  [{ title: '支払いエラー', kind: 'normal' }, 'inc-42'],
  [{ title: 'Key of the bank leaked', kind: 'security' }, 'inc-42-restricted'],
  [{ title: 'Game day', kind: 'drill' }, 'drill-42-game-day'],
])('the room of %o is %s', (incident, name) => {
  expect(roomName({ number: 42, limit: 80, attempt: 1, ...incident })).toBe(name)
})

test('every name is one that chats take, within the limit, and another for another attempt', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 1, max: 999_999 }),
      fc.integer({ min: 1, max: 99 }),
      (title, number, attempt) => {
        const name = roomName({ number, title, kind: 'normal', limit: 80, attempt })
        expect(name).toMatch(/^[a-z0-9-]{1,80}$/)
        const other = roomName({ number, title, kind: 'normal', limit: 80, attempt: attempt + 1 })
        expect(other).not.toBe(name)
        expect(other.length).toBeLessThanOrEqual(80)
      },
    ),
  )
})

const incident: IncidentFacts = {
  number: 42,
  title: 'Checkout errors',
  severity: 'SEV2',
  status: 'triage',
  services: ['checkout'],
  roles: [],
  nextUpdateAt: null,
  url: 'https://mainstay.example/incidents/1',
}

test('the summary offers what can be done now', () => {
  expect(summaryOf(incident).actions).toEqual(['acknowledge', 'command', 'update'])
  expect(summaryOf({ ...incident, status: 'active' }).actions).toEqual(['command', 'mitigated', 'update'])
  expect(summaryOf({ ...incident, status: 'resolved' }).actions).toEqual([])
  expect(summaryOf({ ...incident, roles: [{ role: 'commander', person: 'ana' }] }).facts).toContainEqual([
    'Commander',
    'ana',
  ])
})

const fact = (id: number, type = 'incident.note-added'): JournalFact => ({
  id,
  at: instant(id * 1000),
  type,
  sentence: `line ${id}`,
})

test('everything that waits is told once, in order, however many lines there are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 45 }), (count) => {
      let waiting = Array.from({ length: count }, (_, index) => fact(index + 1))
      const told: string[] = []
      for (let turn = 0; turn < 100; turn += 1) {
        const bundle = bundleOf(waiting, 'https://x')
        if (bundle === null) break
        expect(bundle.message?.lines.length).toBeLessThanOrEqual(15)
        told.push(...(bundle.message?.lines ?? []).map((line) => line.text))
        waiting = waiting.filter((each) => each.id > bundle.upTo)
      }
      expect(told).toEqual(Array.from({ length: count }, (_, index) => `line ${index + 1}`))
    }),
  )
})

test('after a long silence only what weighs is told, and how much more there is', () => {
  const waiting = [...Array.from({ length: 60 }, (_, index) => fact(index + 1)), fact(61, 'incident.mitigated')]
  const bundle = bundleOf(waiting, 'https://x')
  expect(bundle?.upTo).toBe(61)
  expect(bundle?.message?.lines.map((line) => line.text)).toEqual(['line 61'])
  expect(bundle?.message?.foot).toBe('60 more lines came together and stand in the timeline.')
})

test('a reminder that was followed by the update is not told, nor what chat itself wrote down', () => {
  const waiting = [
    fact(1, 'incident.update-overdue'),
    fact(2, 'incident.chat-said'),
    fact(3, 'alert.opened'),
    fact(4, 'incident.update-posted'),
  ]
  expect(bundleOf(waiting, '')?.message?.lines.map((line) => line.text)).toEqual(['line 4'])
  // These are written without the incident's lock: one with a smaller number may still come.
  expect(bundleOf([fact(1), fact(2, 'incident.chat-said'), fact(3, 'delivery.sent')], '')?.upTo).toBe(1)
  expect(bundleOf([fact(2, 'incident.chat-said')], '')).toBeNull()
})

test('a room comes to rest after a few steps, whatever is there already', () => {
  const states = fc.record({
    state: fc.constantFrom('wanted', 'open', 'leaving') as fc.Arbitrary<RoomState['state']>,
    isPinned: fc.boolean(),
    hasSummary: fc.boolean(),
    summary: fc.constantFrom(null, 'old'),
    topic: fc.constantFrom(null, 'old'),
    invited: fc.subarray(['ana', 'ben']),
  })
  fc.assert(
    fc.property(states, fc.boolean(), (begun, archive) => {
      const wanted = {
        summary: summaryOf(incident),
        topic: topicOf(incident),
        people: ['ana', 'ben'],
        bundle: bundleOf([fact(1)], ''),
        archive,
      }
      let room: RoomState = begun
      let bundle = wanted.bundle
      const kinds: string[] = []
      for (;;) {
        const step = nextStep(room, { ...wanted, bundle })
        kinds.push(step.kind)
        if (step.kind === 'nothing' || step.kind === 'archive') break
        if (step.kind === 'open') room = { ...room, state: 'open' }
        if (step.kind === 'summary') room = { ...room, hasSummary: true, summary: textOf(step.message) }
        if (step.kind === 'change-summary') room = { ...room, summary: textOf(step.message) }
        if (step.kind === 'pin') room = { ...room, isPinned: true }
        if (step.kind === 'topic') room = { ...room, topic: step.topic }
        if (step.kind === 'invite') room = { ...room, invited: [...room.invited, ...step.people] }
        if (step.kind === 'post') bundle = null
        expect(kinds.length).toBeLessThan(10)
      }
      // Nothing is posted where others read what is for few.
      if (begun.state === 'leaving') expect(kinds).not.toContain('post')
      else expect(kinds).toContain('post')
    }),
  )
})

test('the wait grows to five minutes and stays there', () => {
  expect([0, 1, 5, 8, 500].map(awayForMs)).toEqual([2_000, 4_000, 64_000, 300_000, 300_000])
})

test.each([
  [{ severity: 'SEV2', kind: 'normal', status: 'triage' }, true],
  [{ severity: 'SEV3', kind: 'normal', status: 'active' }, false],
  [{ severity: 'SEV1', kind: 'security', status: 'active' }, true],
  [{ severity: 'SEV1', kind: 'drill', status: 'active' }, false],
  [{ severity: 'SEV1', kind: 'backfilled', status: 'resolved' }, false],
  [{ severity: 'SEV1', kind: 'normal', status: 'resolved' }, false],
])('%o wants a room: %s', (of, wanted) => {
  expect(wantsRoom(of, { from: 'SEV2', drills: false })).toBe(wanted)
})
