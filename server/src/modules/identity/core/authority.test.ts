import { expect, test } from 'vitest'
import type { Actor } from '../../../kernel/actor.ts'
import { judgeKey, lesserRole } from './authority.ts'

const editor: Actor = { kind: 'person', id: 'p', name: 'P', role: 'editor', teams: ['web'] }
const admin: Actor = { ...editor, role: 'admin' }
const key: Actor = { kind: 'key', id: 'k', name: 'K', role: 'admin', teams: [], scopes: ['identity:keys', 'slo:*'] }
const plain = { role: 'viewer', scopes: ['slo:read'], teams: [], service: false } as const

test.each([
  { actor: editor, wanted: plain, good: true },
  { actor: editor, wanted: { ...plain, role: 'admin' }, good: false },
  { actor: editor, wanted: { ...plain, service: true }, good: false },
  { actor: editor, wanted: { ...plain, teams: ['data'] }, good: false },
  { actor: admin, wanted: { ...plain, service: true, teams: ['data'] }, good: true },
  { actor: key, wanted: plain, good: false },
  { actor: key, wanted: { ...plain, service: true }, good: true },
  { actor: key, wanted: { ...plain, service: true, scopes: ['catalog:read'] }, good: false },
  { actor: key, wanted: { ...plain, service: true, scopes: ['*'] }, good: false },
  { actor: key, wanted: { ...plain, service: true, scopes: ['slo:*'] }, good: true },
] as const)('case %#', ({ actor, wanted, good }) => {
  expect(judgeKey(actor, wanted) === null).toBe(good)
})

test('the lesser of two roles', () => {
  expect(lesserRole('admin', 'viewer')).toBe('viewer')
  expect(lesserRole('viewer', 'admin')).toBe('viewer')
  expect(lesserRole('editor', 'editor')).toBe('editor')
})
