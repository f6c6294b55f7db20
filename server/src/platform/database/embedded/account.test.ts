import { expect, test } from 'vitest'
import { parsePasswd } from './account.ts'
import { maySearch } from './folders.ts'

test('accounts are read past comments and broken lines', () => {
  const text =
    '# comment\nroot:x:0:0:root:/root:/bin/bash\nbroken:x\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\nnobody:*:-2:-2::/var/empty:/usr/bin/false\n'
  expect(parsePasswd(text)).toEqual([
    { name: 'root', uid: 0, gid: 0 },
    { name: 'postgres', uid: 101, gid: 104 },
    { name: 'nobody', uid: -2, gid: -2 },
  ])
})

const account = { uid: 101, gid: 104, name: 'postgres' }

test.each([
  { uid: 0, gid: 0, mode: 0o40755, enters: true },
  { uid: 0, gid: 0, mode: 0o40700, enters: false },
  { uid: 0, gid: 104, mode: 0o40710, enters: true },
  { uid: 0, gid: 0, mode: 0o40710, enters: false },
  { uid: 101, gid: 0, mode: 0o40700, enters: true },
  { uid: 101, gid: 104, mode: 0o40011, enters: false }, // the owner's bits count alone, even against the owner
  { uid: 0, gid: 104, mode: 0o40701, enters: false }, // and so do the group's
])('a folder of $uid:$gid with $mode', ({ enters, ...rights }) => {
  expect(maySearch(rights, account)).toBe(enters)
})
