// A machine that was told is nobody who has heard of it.
import { expect, test } from 'vitest'
import {
  after,
  level,
  onSchedule,
  person,
  play,
  policy,
  reapplied,
  type World,
  webhook,
} from '../testing/play-escalation.ts'
import { type EscalationPolicy, weighWebhooks } from './escalation-policy.ts'
import type { EscalationInput } from './escalation-state.ts'

const ack: EscalationInput = { kind: 'acknowledge', by: 'ben' }

test.each<[string, Partial<EscalationPolicy>, World, string[]]>([
  [
    'beside people it is told with them, each round',
    { levels: [level(5, onSchedule('primary'), webhook('board'))] },
    {},
    ['0:0:pia', '0:0:[board]', '5:0:pia', '5:0:[board]'],
  ],
  [
    'a level of machines alone is waited for',
    { levels: [level(5, webhook('board')), level(10, onSchedule('primary'))], repeat: 0 },
    {},
    ['0:0:[board]', '5:1:pia'],
  ],
  [
    'when nobody can be reached the owner is paged at once, and every machine is told',
    {
      levels: [
        level(5, webhook('board')),
        level(10, onSchedule('primary'), webhook('board')),
        level(5, webhook('bot')),
      ],
    },
    { unreachable: ['pia'] },
    ['0:-1:mia', '0:-1:[board+bot]', '5:-1:mia', '5:-1:[board+bot]'],
  ],
  [
    'machines alone: the owner, each round',
    { levels: [level(5, webhook('board'))] },
    {},
    ['0:-1:mia', '0:-1:[board]', '5:-1:mia', '5:-1:[board]'],
  ],
  [
    'behind it everybody is gone by then: the owner is paged though the rounds are used up',
    { levels: [level(5, webhook('board')), level(10, onSchedule('primary'))], repeat: 0 },
    { onCall: { primary: (at) => (at < after(5) ? ['pia'] : []) } },
    ['0:0:[board]', '5:-1:mia'],
  ],
  [
    'whoever was told before keeps it while a later level tells machines; the rounds end',
    { levels: [level(5, onSchedule('primary')), level(10, webhook('board'))], repeat: 0 },
    { onCall: { primary: (at) => (at < after(5) ? ['pia'] : []) } },
    ['0:0:pia', '5:0:[board]'],
  ],
  [
    'one that was removed since is passed over',
    { levels: [level(5, webhook('board')), level(10, onSchedule('primary'), webhook('bot'))], repeat: 0 },
    { removed: ['board'] },
    ['0:1:pia', '0:1:[bot]'],
  ],
  [
    'it takes no turns',
    { levels: [{ ...level(5, webhook('board'), person('ben'), person('cyd')), strategy: 'round-robin' }], repeat: 2 },
    {},
    ['0:0:ben', '0:0:[board]', '5:0:cyd', '5:0:[board]', '10:0:ben', '10:0:[board]'],
  ],
])('%s', (_, edited, world, log) => {
  expect(play({ ...policy, repeat: 1, ...edited }, world, []).log).toEqual(log)
})

test('low urgency goes on past machines to the first person, and ends there', () => {
  const given = {
    ...policy,
    levels: [level(5, webhook('board')), level(10, onSchedule('primary')), level(5, person('ben'))],
  }
  const { log, state } = play(given, {}, [], { urgency: 'low' })
  expect(log).toEqual(['0:0:[board]', '5:1:pia'])
  expect(state.phase).toEqual({ kind: 'exhausted', because: 'low-urgency' })
})

test('nobody at all: machines are told when that begins, not each time somebody is looked for', () => {
  const given = { ...policy, levels: [level(5, webhook('board'))], fallbackOwner: null }
  const look: EscalationInput = { kind: 'escalate', by: 'Mainstay' }
  const { log } = play(given, {}, [
    [5, look],
    [10, look],
    [11, { kind: 'resolve' }],
  ])
  expect(log).toEqual(['0:unrouted', '0:-1:[board]', '5:unrouted', '10:unrouted'])
})

test('an edited policy tells the machines that it adds to the level under way, and an answered one tells nobody', () => {
  const edited = { levels: [level(5, onSchedule('primary'), webhook('board'))] }
  expect(
    play({ ...policy, levels: [level(5, onSchedule('primary'))] }, {}, [
      [2, reapplied(edited)],
      [3, reapplied(edited)],
      [4, { kind: 'resolve' }],
    ]).log,
  ).toEqual(['0:0:pia', '2:0:[board]'])
  expect(
    play(policy, {}, [
      [1, ack],
      [2, reapplied(edited)],
      [4, { kind: 'resolve' }],
    ]).log,
  ).toEqual(['0:0:pia'])
})

test('a policy says which of its levels page nobody', () => {
  const owner = { ...policy, levels: [level(5, webhook('board'))] }
  expect(weighWebhooks(owner)).toEqual([
    {
      pointer: '/levels',
      detail: 'No level names a person, a schedule or a team: mia is paged at once, each time.',
    },
  ])
  const late = { ...policy, levels: [level(5, person('ben'), webhook('board')), level(10, webhook('bot'))] }
  expect(weighWebhooks(late)).toEqual([
    { pointer: '/levels/1/targets', detail: 'Level 2 tells webhooks alone: for 10m it pages nobody.' },
  ])
})
