import { expect, test } from 'vitest'
import type { KnownPerson, ProviderAccount, RoleRules } from './sign-on.ts'
import { judgeSignOn } from './sign-on.ts'

const account: ProviderAccount = {
  issuer: 'https://id.example',
  subject: 's1',
  email: 'ana@shop.example',
  emailVerified: true,
  name: 'Ana',
  claims: { groups: ['sre', 'staff'], realm_access: { roles: ['boss'] }, 'https://x.example/groups': 'boss' },
}
const here: RoleRules = { defaultRole: 'viewer', claim: null, roleOf: {} }
const ana: KnownPerson = { id: 'p1', role: 'editor', disabled: false, subject: null }
const nobody = { byAccount: null, byEmail: null }

test.each([
  {
    what: 'a stranger is created with the default role',
    known: nobody,
    verdict: { create: { role: 'viewer', name: 'Ana' } },
  },
  {
    what: 'a linked person comes in',
    known: { ...nobody, byAccount: ana },
    verdict: { person: 'p1', link: false, role: null },
  },
  { what: 'a known address is linked', known: { ...nobody, byEmail: ana }, verdict: { person: 'p1', link: true } },
  {
    what: 'an unverified address proves nothing',
    account: { emailVerified: false },
    known: { ...nobody, byEmail: ana },
    verdict: { refused: 'email-unverified' },
  },
  {
    what: 'a linked person needs no address',
    account: { emailVerified: false, email: null },
    known: { ...nobody, byAccount: ana },
    verdict: { person: 'p1' },
  },
  { what: 'nobody without an address', account: { email: null }, known: nobody, verdict: { refused: 'no-email' } },
  {
    what: 'a disabled person stays out',
    known: { ...nobody, byAccount: { ...ana, disabled: true } },
    verdict: { refused: 'disabled' },
  },
  {
    what: 'disabled by address too',
    known: { ...nobody, byEmail: { ...ana, disabled: true } },
    verdict: { refused: 'disabled' },
  },
  {
    what: 'an address handed on does not inherit',
    known: { ...nobody, byEmail: { ...ana, subject: 's0' } },
    verdict: { refused: 'linked-elsewhere' },
  },
  {
    what: 'the highest group wins',
    rules: { claim: 'groups', roleOf: { staff: 'viewer', sre: 'admin' } },
    known: { ...nobody, byAccount: ana },
    verdict: { role: 'admin' },
  },
  {
    what: 'a claim inside another',
    rules: { claim: 'realm_access.roles', roleOf: { boss: 'admin' } },
    known: nobody,
    verdict: { create: { role: 'admin' } },
  },
  {
    what: 'a claim with dots in its name',
    rules: { claim: 'https://x.example/groups', roleOf: { boss: 'admin' } },
    known: nobody,
    verdict: { create: { role: 'admin' } },
  },
  {
    what: 'no known group falls to the default',
    rules: { claim: 'groups', roleOf: { other: 'admin' } },
    known: { ...nobody, byAccount: ana },
    verdict: { role: 'viewer' },
  },
  {
    what: 'a group named after a prototype gives nothing',
    account: { claims: { groups: ['constructor'] } },
    rules: { claim: 'groups', roleOf: {} },
    known: nobody,
    verdict: { create: { role: 'viewer' } },
  },
] as const)('$what', ({ known, verdict, ...more }) => {
  const changed = { ...account, ...('account' in more ? more.account : {}) }
  const rules = { ...here, ...('rules' in more ? more.rules : {}) }
  expect(judgeSignOn(changed, known, rules)).toMatchObject(verdict)
})
