import { expect, test } from 'vitest'
import { orderOf } from './contact-words.ts'

test.each([
  { kind: 'slack', text: ' U012345 ', order: { kind: 'slack', recipient: 'U012345' } },
  { kind: 'slack', text: 'https://hooks.example/x', order: { kind: 'slack', url: 'https://hooks.example/x' } },
  {
    kind: 'mattermost',
    text: 'HTTPS://chat.example/hooks/x',
    order: { kind: 'mattermost', url: 'HTTPS://chat.example/hooks/x' },
  },
  { kind: 'voice', text: '+49 170 1', order: { kind: 'voice', phone: '+49 170 1' } },
  { kind: 'teams', text: 'https://t.example', order: { kind: 'teams', url: 'https://t.example' } },
] as const)('$kind "$text"', ({ kind, text, order }) => {
  expect(orderOf(kind, text, '')).toEqual(order)
})

test('a token goes with an ntfy topic only', () => {
  expect(orderOf('ntfy', 'https://ntfy.sh/x', ' tk ')).toEqual({ kind: 'ntfy', url: 'https://ntfy.sh/x', token: 'tk' })
  expect(orderOf('discord', 'https://d.example', 'tk')).toEqual({ kind: 'discord', url: 'https://d.example' })
})
