import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import {
  after,
  directory,
  inTeam,
  level,
  midnight,
  onSchedule,
  person,
  play,
  policy,
  reapplied,
  type World,
  webhook,
} from '../testing/play-escalation.ts'
import { openEscalation, stepEscalation } from './escalation.ts'
import { checkEscalationPolicy, type EscalationPolicy } from './escalation-policy.ts'
import { type Escalation, type EscalationInput, wakeAt } from './escalation-state.ts'

const ack: EscalationInput = { kind: 'acknowledge', by: 'ben' }
const full = ['0:0:pia', '5:1:ben+cyd', '15:0:pia', '20:1:ben+cyd']

test.each<[string, [number, EscalationInput][], string[]]>([
  ['nobody answers: two rounds, then it stays assigned', [], full],
  [
    'an acknowledgement stops it',
    [
      [7, ack],
      [8, { kind: 'resolve' }],
    ],
    ['0:0:pia', '5:1:ben+cyd'],
  ],
  [
    'acknowledged at 7 and never resolved: the current level hears it again at 37',
    [
      [7, ack],
      [40, { kind: 'resolve' }],
    ],
    ['0:0:pia', '5:1:ben+cyd', '37:1:ben+cyd'],
  ],
  [
    'a manual escalation wraps though the rounds are used up',
    [
      [31, { kind: 'escalate', by: 'ben' }],
      [32, ack],
      [33, { kind: 'resolve' }],
    ],
    [...full, '31:0:pia'],
  ],
  [
    'still on it: the time-out starts again',
    [
      [7, ack],
      [36, ack],
      [67, { kind: 'resolve' }],
    ],
    ['0:0:pia', '5:1:ben+cyd', '66:1:ben+cyd'],
  ],
  [
    'acknowledged for one hour',
    [
      [7, { ...ack, timeoutMs: 60 * minute }],
      [66, { kind: 'resolve' }],
    ],
    ['0:0:pia', '5:1:ben+cyd'],
  ],
  ['acknowledged without a limit', [[7, { ...ack, timeoutMs: null }]], ['0:0:pia', '5:1:ben+cyd']],
  [
    'given back',
    [
      [7, ack],
      [9, { kind: 'unacknowledge', by: 'ben' }],
      [10, { kind: 'resolve' }],
    ],
    ['0:0:pia', '5:1:ben+cyd', '9:1:ben+cyd'],
  ],
  [
    'snoozed until',
    [
      [7, { kind: 'snooze', by: 'ben', until: after(120) }],
      [121, { kind: 'resolve' }],
    ],
    ['0:0:pia', '5:1:ben+cyd', '120:1:ben+cyd'],
  ],
  ['resolved', [[3, { kind: 'resolve' }]], ['0:0:pia']],
  [
    'passed to another policy: its level 1, its timer',
    [
      [
        7,
        {
          kind: 'reassign-policy',
          by: 'ben',
          turn: 0,
          policy: { ...policy, levels: [level(3, person('dov')), level(3, person('eli'))], repeat: 0 },
        },
      ],
    ],
    ['0:0:pia', '5:1:ben+cyd', '7:0:dov', '10:1:eli'],
  ],
  [
    'passed to a person: the policy goes on behind them',
    [
      [3, { kind: 'reassign-people', by: 'pia', people: ['dov', 'dov'] }],
      [9, { kind: 'resolve' }],
    ],
    ['0:0:pia', '3:0:dov', '8:1:ben+cyd'],
  ],
  [
    'the edited policy waits less than has passed: due at once, never earlier',
    [
      [
        4,
        {
          kind: 'reapply',
          by: 'pia',
          policy: { ...policy, levels: [level(2, onSchedule('primary')), level(10, person('dov'))] },
        },
      ],
      [5, { kind: 'resolve' }],
    ],
    ['0:0:pia', '4:1:dov'],
  ],
  [
    'whom the edited policy adds to the level under way is paged at once, the others not again',
    [
      [
        2,
        reapplied({
          levels: [level(5, onSchedule('primary'), person('dov')), level(10, person('pia'), person('eli'))],
        }),
      ],
      [3, reapplied({ levels: [level(5, person('dov'), person('pia')), level(10, person('pia'), person('eli'))] })],
      [9, { kind: 'resolve' }],
    ],
    ['0:0:pia', '2:0:dov', '5:1:eli'],
  ],
  [
    'whoever was paged before in the round is not paged again by an edit',
    [
      [6, reapplied({ levels: [level(5, person('dov')), level(10, person('pia'), person('ben'))] })],
      [9, { kind: 'resolve' }],
    ],
    ['0:0:pia', '5:1:ben+cyd'],
  ],
  [
    'an acknowledged alert takes the policy over and stays quiet',
    [
      [2, { kind: 'acknowledge', by: 'pia' }],
      [3, reapplied({ levels: [level(5, person('dov'))], ackTimeoutMs: null })],
      [4, { kind: 'unacknowledge', by: 'pia' }],
      [5, { kind: 'resolve' }],
    ],
    ['0:0:pia', '4:0:dov'],
  ],
  [
    'rounds that were used up go on by a longer policy',
    [
      [3, reapplied({ levels: [level(5, onSchedule('primary'))], repeat: 0 })],
      [20, reapplied({ levels: [level(5, onSchedule('primary')), level(5, person('dov'))], repeat: 0 })],
    ],
    ['0:0:pia', '20:1:dov'],
  ],
])('%s', (_, inputs, expected) => {
  expect(play(policy, {}, inputs).log).toEqual(expected)
})

test.each<[string, EscalationPolicy, World, string[]]>([
  ['an empty level costs no time', policy, { onCall: { primary: [] } }, ['0:1:ben+cyd', '10:1:ben+cyd']],
  ['a level of unreachable people costs no time', policy, { unreachable: ['pia'] }, ['0:1:ben+cyd', '10:1:ben+cyd']],
  [
    'a schedule emptied between levels: the second round skips it',
    policy,
    { onCall: { primary: (at) => (at < after(10) ? ['pia'] : []) } },
    ['0:0:pia', '5:1:ben+cyd', '15:1:ben+cyd'],
  ],
  ['a deleted target', policy, { unreachable: ['ben'] }, ['0:0:pia', '5:1:cyd', '15:0:pia', '20:1:cyd']],
  [
    'everything empty: the fallback owner, again in the next round',
    policy,
    { onCall: {}, unreachable: ['ben', 'cyd'] },
    ['0:-1:mia', '5:-1:mia'],
  ],
  [
    'a team: everybody in it, on call or not, each once',
    { ...policy, levels: [level(5, onSchedule('primary'), inTeam('web'))], repeat: 0 },
    { teams: { web: ['lea', 'pia', 'ben'] } },
    ['0:0:pia+lea+ben'],
  ],
  [
    'a team that is empty or gone costs no time',
    { ...policy, levels: [level(5, inTeam('gone')), level(5, person('ben'))], repeat: 0 },
    {},
    ['0:1:ben'],
  ],
  [
    'in a round-robin a team is one turn',
    {
      ...policy,
      levels: [{ ...level(5, inTeam('web'), person('cyd')), strategy: 'round-robin' }],
      repeat: 1,
    },
    { teams: { web: ['lea', 'ben'] } },
    ['0:0:lea+ben', '5:0:cyd'],
  ],
  ['not even a fallback owner', policy, { onCall: {}, unreachable: ['ben', 'cyd', 'mia'] }, ['0:unrouted']],
  [
    'two schedules that lead to one person: one page',
    { ...policy, levels: [level(5, onSchedule('primary'), onSchedule('web'), person('pia'))], repeat: 0 },
    { onCall: { primary: ['pia'], web: ['pia'] } },
    ['0:0:pia'],
  ],
  [
    'on call for two levels: level 2 pages the others, the next round everybody',
    { ...policy, levels: [level(5, person('ana')), level(5, person('ana'), person('ben'))] },
    {},
    ['0:0:ana', '5:1:ben', '10:0:ana', '15:1:ben'],
  ],
  [
    'nobody new at level 2: a level is never silent',
    { ...policy, levels: [level(5, person('ana')), level(5, person('ana'))], repeat: 0 },
    {},
    ['0:0:ana', '5:1:ana'],
  ],
  [
    'the schedule is read at step time, and a hand-off instant belongs to the one who comes',
    policy,
    { onCall: { primary: (at) => (at < after(15) ? ['pia'] : ['quin']) } },
    ['0:0:pia', '5:1:ben+cyd', '15:0:quin', '20:1:ben+cyd'],
  ],
  [
    'a hand-over while nobody has acknowledged pages the one who comes, and the wait goes on',
    { ...policy, pageOnHandOver: true },
    {
      onCall: { primary: (at) => (at < after(3) ? ['pia'] : ['quin']) },
      changesAt: (at) => (at < after(3) ? after(3) : null),
    },
    ['0:0:pia', '3:0:quin', '5:1:ben+cyd', '15:0:quin', '20:1:ben+cyd'],
  ],
  [
    'unrouted until somebody comes on call',
    { ...policy, fallbackOwner: null },
    {
      onCall: { primary: (at) => (at < after(90) ? [] : ['quin']) },
      changesAt: (at) => (at < after(90) ? after(90) : null),
      unreachable: ['ben', 'cyd'],
    },
    ['0:unrouted', '90:0:quin', '95:0:quin'],
  ],
])('%s', (_, given, world, expected) => {
  expect(play(given, world, []).log).toEqual(expected)
})

test('after the last round it is exhausted, open and assigned', () => {
  const { state, reasons } = play(policy, {}, [])
  expect(state.phase).toEqual({ kind: 'exhausted', because: 'rounds-used' })
  expect(state.assigned).toEqual(['ben', 'cyd'])
  expect(reasons.filter((each) => each === 'oncall.paged')).toHaveLength(4)
  expect(reasons.at(-1)).toBe('oncall.rounds-used')
})

test('every skipped level says why', () => {
  const { state, reasons } = openEscalation(
    { policy, urgency: 'high', turn: 0 },
    directory({ onCall: {}, unreachable: ['ben'] }),
    midnight,
  )
  expect(state.assigned).toEqual(['cyd'])
  expect(reasons.map((each) => each.sentence)).toEqual([
    'Level 1 was skipped at once: nobody is on call in schedule primary.',
    'Level 2, round 1: cyd (named in the policy).',
  ])
})

test('low urgency is assigned and does not escalate; raised, it pages again and escalates', () => {
  expect(play(policy, {}, [], { urgency: 'low' }).log).toEqual(['0:0:pia'])
  const raise: EscalationInput = { kind: 'raise-urgency', because: 'Support hours began.' }
  expect(
    play(
      policy,
      {},
      [
        [60, raise],
        [66, { kind: 'resolve' }],
      ],
      { urgency: 'low' },
    ).log,
  ).toEqual(['0:0:pia', '60:0:pia', '65:1:ben+cyd'])
  expect(
    play(
      policy,
      {},
      [
        [10, ack],
        [20, raise],
        [38, { kind: 'resolve' }],
      ],
      { urgency: 'low' },
    ).log,
  ).toEqual(['0:0:pia'])
})

test('round-robin begins with the next target for each alert, moves on each round and skips who cannot be reached', () => {
  const given: EscalationPolicy = {
    ...policy,
    levels: [{ ...level(5, person('ana'), person('ben'), person('cyd')), strategy: 'round-robin' }],
  }
  expect([0, 1, 2, 3].map((turn) => play(given, {}, [], { turn }).log.join())).toEqual([
    '0:0:ana,5:0:ben',
    '0:0:ben,5:0:cyd',
    '0:0:cyd,5:0:ana',
    '0:0:ana,5:0:ben',
  ])
  expect(play(given, { unreachable: ['ben'] }, [], { turn: 1 }).log).toEqual(['0:0:cyd', '5:0:cyd'])
})

test('after an outage one current step is made, not the whole backlog', () => {
  const opened = openEscalation({ policy, urgency: 'high', turn: 0 }, directory({}), midnight)
  const late = stepEscalation(opened.state, { kind: 'due' }, directory({}), after(47))
  expect(late.effects).toEqual([
    expect.objectContaining({ kind: 'page', step: 2, level: 1 }),
    { kind: 'wake', at: after(57) },
  ])
})

test('what is due under a silence waits for its end, and whoever has it keeps it', () => {
  const opened = openEscalation({ policy, urgency: 'high', turn: 0 }, directory({}), midnight)
  const held = (state: Escalation, at: number, until: number) =>
    stepEscalation(state, { kind: 'hold', until: after(until), because: 'ana silenced it.' }, directory({}), after(at))
  const taken = stepEscalation(opened.state, ack, directory({}), after(1)).state
  const later = held(taken, 31, 90)
  expect(later.state.phase).toEqual({ kind: 'acknowledged', by: 'ben', at: after(1), timesOutAt: after(90) })
  expect(later.effects).toEqual([{ kind: 'wake', at: after(90) }])
  expect(later.reasons).toEqual([{ code: 'oncall.held', sentence: 'ana silenced it.' }])
  expect(stepEscalation(later.state, { kind: 'due' }, directory({}), after(90)).effects).toContainEqual(
    expect.objectContaining({ kind: 'page' }),
  )
  const asleep = stepEscalation(opened.state, { kind: 'snooze', by: 'ben', until: after(60) }, directory({}), after(1))
  expect(wakeAt(held(asleep.state, 60, 70).state)).toBe(after(70))
  expect(wakeAt(held(opened.state, 5, 20).state)).toBe(after(20))
  // What is not due, and an end that lies behind, change nothing.
  expect(held(taken, 30, 90).state).toBe(taken)
  expect(held(taken, 31, 31).state).toBe(taken)
  const over = stepEscalation(taken, { kind: 'resolve' }, directory({}), after(2)).state
  expect(held(over, 31, 90)).toMatchObject({ state: over, refusal: null })
})

test('one millisecond early is early', () => {
  const opened = openEscalation({ policy, urgency: 'high', turn: 0 }, directory({}), midnight)
  const early = stepEscalation(opened.state, { kind: 'due' }, directory({}), instant(after(5) - 1))
  expect(early.effects).toEqual([])
  expect(early.state).toBe(opened.state)
})

test('refusals say what and leave the state alone', () => {
  const inputs: [number, EscalationInput][] = [
    [1, { kind: 'unacknowledge', by: 'ben' }],
    [1, { kind: 'snooze', by: 'ben', until: after(1) }],
    [1, { kind: 'acknowledge', by: 'ben', timeoutMs: 0 }],
    [1, { kind: 'reassign-people', by: 'ben', people: ['zoe'] }],
    [2, { kind: 'resolve' }],
    [3, ack],
    [3, { kind: 'escalate', by: 'ben' }],
    [3, { kind: 'resolve' }],
  ]
  const { refusals, log } = play(policy, { unreachable: ['zoe'] }, inputs)
  expect(refusals).toEqual([
    'oncall.not-acknowledged',
    'oncall.snooze-past',
    'oncall.timeout-past',
    'oncall.nobody-reachable',
    'oncall.escalation-resolved',
    'oncall.escalation-resolved',
  ])
  expect(log).toEqual(['0:0:pia'])
})

test('a policy is refused with a place and a sentence for each fault', () => {
  const known = {
    people: new Set(['ben']),
    schedules: new Set(['primary']),
    teams: new Set(['web']),
    webhooks: new Set(['pager']),
  }
  const broken: EscalationPolicy = {
    ...policy,
    levels: [
      level(0, onSchedule('nope'), person('zoe'), inTeam('nope'), inTeam('web'), webhook('nope'), webhook('pager')),
      level(5),
    ],
    repeat: 10,
    ackTimeoutMs: 5,
    fallbackOwner: null,
  }
  expect(checkEscalationPolicy(broken, known).map((each) => each.pointer)).toEqual([
    '/repeat',
    '/ackTimeoutMs',
    '/fallbackOwner',
    '/levels/0/waitMs',
    '/levels/0/targets/0',
    '/levels/0/targets/1',
    '/levels/0/targets/2',
    '/levels/0/targets/4',
    '/levels/1/targets',
  ])
  expect(checkEscalationPolicy({ ...policy, levels: [] }, known).map((each) => each.pointer)).toEqual([
    '/levels',
    '/fallbackOwner',
  ])
  expect(checkEscalationPolicy(policy, { ...known, people: new Set(['ben', 'cyd', 'mia']) })).toEqual([])
})

test('an alert nobody could be found for is paged by the edited policy at once, and the owner is not told twice', () => {
  const nobody = { ...policy, fallbackOwner: 'gone', levels: [level(5, person('gone'))] }
  const lost = { unreachable: ['gone'] }
  expect(
    play(nobody, lost, [
      [3, reapplied({})],
      [4, { kind: 'resolve' }],
    ]).log,
  ).toEqual(['0:unrouted', '3:0:pia'])
  const owned = { ...nobody, fallbackOwner: 'mia' }
  const same = reapplied({ ...owned, name: 'same' })
  expect(
    play(owned, lost, [
      [2, same],
      [3, reapplied({ ...owned, fallbackOwner: 'lea' })],
      [4, { kind: 'resolve' }],
    ]).log,
  ).toEqual(['0:-1:mia', '3:-1:lea'])
  expect(
    play(owned, lost, [
      [2, reapplied({})],
      [3, { kind: 'resolve' }],
    ]).log,
  ).toEqual(['0:-1:mia', '2:0:pia'])
  expect(
    play(owned, lost, [
      [2, reapplied(nobody)],
      [3, { kind: 'resolve' }],
    ]).log,
  ).toEqual(['0:-1:mia', '2:unrouted'])
})
