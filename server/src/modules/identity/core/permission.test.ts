import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Actor, type Role, roles } from '../../../kernel/actor.ts'
import { covers, explainRefusal, judgePermission } from './permission.ts'

const person = (role: Role, teams: readonly string[] = []): Actor => ({
  kind: 'person',
  id: 'p',
  name: 'P',
  role,
  teams,
})

test.each([
  { scope: 'catalog:read', needed: 'catalog:read', covered: true },
  { scope: 'catalog:*', needed: 'catalog:read', covered: true },
  { scope: '*', needed: 'catalog:read', covered: true },
  { scope: 'catalog:write', needed: 'catalog:read', covered: false },
  { scope: 'catalog:*', needed: 'catalog', covered: true },
  { scope: 'cat:*', needed: 'catalog:read', covered: false },
  { scope: 'catalog', needed: 'catalog:read', covered: false },
  { scope: '', needed: 'catalog:read', covered: false },
  { scope: ':*', needed: 'catalog:read', covered: false },
])('$scope for $needed: $covered', ({ scope, needed, covered }) => {
  expect(covers(scope, needed)).toBe(covered)
})

test('more role and more teams never take a right away', () => {
  const role = fc.constantFrom(...roles)
  fc.assert(
    fc.property(role, role, role, role, fc.option(fc.constantFrom('web', 'data')), (low, other, has, more, owner) => {
      const row = { role: low, otherTeam: other, scope: 's:r' }
      const verdict = judgePermission(person(has), row, owner)
      if (!verdict.allowed || roles.indexOf(more) < roles.indexOf(has)) return
      expect(judgePermission(person(more), row, owner).allowed).toBe(true)
      if (roles.indexOf(low) <= roles.indexOf(other))
        expect(judgePermission(person(more, ['web', 'data']), row, owner).allowed).toBe(true)
    }),
  )
})

test('a refusal names the role, the owner when that is the reason, and who can grant it', () => {
  const verdict = judgePermission(person('editor'), { role: 'editor', otherTeam: 'admin', scope: 's:r' }, 'web')
  expect(verdict).toMatchObject({ allowed: false, because: 'role', needed: 'admin', owner: 'web' })
  if (!verdict.allowed)
    expect(explainRefusal(verdict, ['Ana', 'Ben'])).toBe(
      'This belongs to team web. Changing what another team owns needs the role admin; yours is editor. Ask web, or Ana or Ben to grant it.',
    )
  const low = judgePermission(person('viewer'), { role: 'editor', scope: 's:r' }, null)
  if (!low.allowed)
    expect(explainRefusal(low, [])).toBe('This needs the role editor; yours is viewer. An administrator can grant it.')
})

test('what has no row, no sign-in or no scope is refused', () => {
  expect(judgePermission(person('admin'), undefined, null)).toMatchObject({ because: 'no-row' })
  expect(judgePermission({ kind: 'link', id: 'x', name: 'x' }, { role: 'viewer', scope: 's:r' }, null)).toMatchObject({
    because: 'not-signed-in',
  })
  const key: Actor = { kind: 'key', id: 'k', name: 'K', role: 'admin', teams: [], scopes: ['s:w'] }
  expect(judgePermission(key, { role: 'viewer', scope: 's:r' }, null)).toMatchObject({ because: 'scope', scope: 's:r' })
})
