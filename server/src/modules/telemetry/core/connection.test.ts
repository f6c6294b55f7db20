import { expect, test } from 'vitest'
import { readConnection } from './connection.ts'

const at = '/spec/connectionDetails'
const url = 'https://mimir.example/prometheus'

test('address, tenant and credentials by name', () => {
  const { connection, faults } = readConnection(
    {
      url: `${url}/`,
      basic: { username: 'reader', password: { secret: 'MIMIR' } },
      headers: { 'X-Scope-OrgID': 'team-a', 'X-Api-Key': { secret: 'EDGE_KEY' } },
    },
    at,
  )
  expect(faults).toEqual([])
  expect(connection).toEqual({
    url,
    bearer: null,
    basic: { username: 'reader', password: 'MIMIR' },
    headers: [
      { name: 'X-Scope-OrgID', value: { text: 'team-a' } },
      { name: 'X-Api-Key', value: { secret: 'EDGE_KEY' } },
    ],
    intervalMs: 15_000,
  })
})

test.each([
  ['no address', {}, '/url'],
  ['another scheme', { url: 'ftp://x' }, '/url'],
  ['credentials in the address', { url: 'https://a:b@x' }, '/url'],
  ['a query in the address', { url: 'https://x/?token=1' }, '/url'],
  ['a token in the catalog', { url, bearer: 'eyJhbGciOi' }, '/bearer'],
  ['a password in the catalog', { url, basic: { username: 'a', password: 'b' } }, '/basic/password'],
  ['a key in a header', { url, headers: { 'X-Api-Key': 'abc' } }, '/headers/X-Api-Key'],
  ['an authorization header', { url, headers: { Authorization: { secret: 'A' } } }, '/headers/Authorization'],
  ['a header of two lines', { url, headers: { 'X-Org': 'a\r\nX-Evil: 1' } }, '/headers/X-Org'],
  ['a header that is none', { url, headers: { 'X Org': 'a' } }, '/headers/X Org'],
  ['both kinds', { url, bearer: { secret: 'A' }, basic: { username: 'a', password: { secret: 'B' } } }, '/basic'],
  ['a secret name in small letters', { url, bearer: { secret: 'token' } }, '/bearer'],
  ['an interval that is too short', { url, interval: '1s' }, '/interval'],
  ['an unknown key', { url, token: 'x' }, '/token'],
])('%s is refused at its place', (_what, details, pointer) => {
  const read = readConnection(details, at)
  expect(read.connection).toBeNull()
  expect(read.faults.map((fault) => fault.pointer)).toEqual([`${at}${pointer}`])
})
