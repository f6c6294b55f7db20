import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createEgress } from '../../platform/egress/index.ts'
import { createTeamsCall } from './teams-api.ts'
import { createFindKey } from './teams-keys.ts'
import { readTeamsSettings, type TeamsSettings } from './teams-settings.ts'
import { createTeamsTokens } from './teams-token.ts'
import { channelLink, person, teamsIds } from './testing/teams-requests.ts'
import { startTeams, type TeamsServer } from './testing/teams-server.ts'

const egress = createEgress({
  policies: (connector) => ({
    connector,
    allow: [{ cidr: '127.0.0.1/32', ports: 'any', schemes: ['http'] }],
    breaker: false,
  }),
  guard: { ownPorts: () => [], endpoints: () => [], ownAddresses: () => [] },
})
let teams: TeamsServer
afterEach(() => teams.close())

function settingsOf(apiUrl: string, more: object = {}): TeamsSettings {
  const bot = { appId: teamsIds.app, appSecret: teamsIds.secret, tenant: teamsIds.tenant, channel: channelLink }
  const read = readTeamsSettings({ ...bot, apiUrl, ...more })
  if (read === null) throw new Error('These are no settings.')
  return read
}
const asked = (end: string) => teams.calls.filter((each) => each.path.endsWith(end)).length
const first = 'key-of-the-connector-1'

test('keys are asked for once, whoever comes at the same time, and an unknown one does not make us ask again and again', async () => {
  teams = await startTeams()
  const find = createFindKey(egress)
  const settings = settingsOf(teams.url)
  const found = await Promise.all(Array.from({ length: 20 }, () => find(settings, first)))
  for (const each of found) expect(each).toMatchObject({ endorsements: ['msteams', 'webchat'] })
  expect([asked('/openidconfiguration'), asked('/keys')]).toEqual([1, 1])
  for (let flood = 0; flood < 50; flood += 1) expect(await find(settings, `made up ${flood}`)).toBe('unknown')
  expect(asked('/keys')).toBe(1)
  // While the document is away, what was known holds on.
  teams.away = true
  expect(await find(settings, first)).toMatchObject({ endorsements: ['msteams', 'webchat'] })
})

test('without the document no key is known, and one that names another host is none', async () => {
  teams = await startTeams()
  const strange = createServer((_request, response) => {
    response.end(JSON.stringify({ jwks_uri: `${teams.url}/v1/.well-known/keys` }))
  })
  await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve))
  const { port } = strange.address() as AddressInfo
  expect(await createFindKey(egress)(settingsOf(`http://127.0.0.1:${port}`), first)).toBe('away')
  expect(asked('/keys')).toBe(0)
  await new Promise((resolve) => strange.close(resolve))
  teams.away = true
  expect(await createFindKey(egress)(settingsOf(teams.url), first)).toBe('away')
})

test('a token is kept, another is asked for when it is not taken, and a wrong secret says so', async () => {
  teams = await startTeams()
  teams.people.push(person('ana'))
  const call = createTeamsCall(egress, createTeamsTokens(egress))
  const settings = settingsOf(teams.url)
  const path = `/conversations/${encodeURIComponent(teamsIds.channel)}/members/${person('ana').aad}`
  const look = (of = settings) => call(of, { method: 'GET', path })
  for (let again = 0; again < 3; again += 1)
    expect(await look()).toMatchObject({ kind: 'done', value: { name: 'Ana' } })
  expect(asked('/token')).toBe(1)
  teams.revoke()
  expect(await look()).toMatchObject({ kind: 'done' })
  expect(asked('/token')).toBe(2)
  // Another resource has another token.
  expect(await call(settings, { method: 'GET', on: 'graph', path: '/teams/x/channels/y/messages' })).toMatchObject({
    kind: 'refused',
  })
  expect(asked('/token')).toBe(3)
  for (let refused = 0; refused < 2; refused += 1)
    teams.mishap('GET conversations/members', { when: 'before', how: 401 })
  expect(await look()).toMatchObject({ kind: 'wait', locked: true })
  expect(await look(settingsOf(teams.url, { appSecret: 'wrong' }))).toEqual({
    kind: 'wait',
    because:
      'Microsoft Entra gives the app no token: AADSTS7000215: Invalid client secret provided. Connect it again under Settings, Channels.',
    afterMs: null,
    locked: true,
  })
  teams.mishap('POST token', { when: 'before', how: 429, retryAfter: 9 })
  expect(await look(settingsOf(teams.url, { appSecret: 'another' }))).toMatchObject({ kind: 'wait', afterMs: 9_000 })
})
