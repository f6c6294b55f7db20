import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import type { Contact } from '../../notifications/core/index.ts'
import { judgeReadiness } from './readiness.ts'

const now = instant(1_000 * day)
const push: Contact = { id: 'p', kind: 'webpush', label: 'Phone', verified: true }
const mail: Contact = { id: 'm', kind: 'email', label: 'ana@shop.example', verified: true }
const rules = { high: [], low: [] }
const yesterday = { contact: 'p', at: instant(now - day) }

test.each([
  ['nothing', [], [], 'unreachable', ['No verified contact']],
  ['only unverified', [{ ...push, verified: false }], [yesterday], 'unreachable', ['No verified contact']],
  ['a phone that answered and mail', [push, mail], [yesterday], 'ready', []],
  ['mail alone', [mail], [{ contact: 'm', at: now }], 'doubtful', ['Only e-mail', 'One contact only']],
  ['never tested', [push, mail], [], 'doubtful', ['No message has reached them yet']],
  ['a test long ago', [push, mail], [{ contact: 'p', at: instant(now - 91 * day) }], 'doubtful', ['for 90 days']],
  [
    'a test of a contact that is gone',
    [push, mail],
    [{ contact: 'x', at: now }],
    'doubtful',
    ['No message has reached'],
  ],
])('with %s', (_, contacts, reached, state, sentences) => {
  const found = judgeReadiness({ contacts, rules }, reached, now)
  expect(found.state).toBe(state)
  expect(found.sentences).toEqual(sentences.map((each) => expect.stringContaining(each)))
})
