import { expect, test } from 'vitest'
import { judgeDied, judgeMail } from './mail.ts'

test.each([
  ['taken', { kind: 'accepted', receipt: '250 ok' }, { attempts: 1, copies: 1, began: true }, 'sent', 1],
  ['never reached', { kind: 'refused', because: 'x' }, { attempts: 1, copies: 0, began: false }, 'waiting', 0],
  // A code after the text: that copy reached nobody.
  ['said later', { kind: 'refused', because: 'x' }, { attempts: 1, copies: 1, began: true }, 'waiting', 0],
  ['said later often', { kind: 'refused', because: 'x' }, { attempts: 5, copies: 1, began: true }, 'failed', 0],
  ['said never', { kind: 'rejected', because: 'x' }, { attempts: 1, copies: 1, began: true }, 'failed', 0],
  ['lost once', { kind: 'lost', because: 'x' }, { attempts: 1, copies: 1, began: true }, 'waiting', 1],
  ['lost twice', { kind: 'lost', because: 'x' }, { attempts: 2, copies: 2, began: true }, 'failed', 2],
] as const)('%s', (_, outcome, so, state, copies) => {
  expect(judgeMail(outcome, so)).toMatchObject({ state, copies })
})

test('of a dead process only what it wrote down counts', () => {
  expect(judgeDied({ attempts: 1, copies: 0 })).toMatchObject({ state: 'waiting', copies: 0 })
  expect(judgeDied({ attempts: 1, copies: 1 })).toMatchObject({ state: 'waiting', copies: 1 })
  expect(judgeDied({ attempts: 2, copies: 2 })).toMatchObject({ state: 'failed', copies: 2 })
})
