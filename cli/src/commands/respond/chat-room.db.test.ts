// The rooms of an incident in a terminal, with a Mattermost on loopback that opens them, and then goes away.

import { expect, onTestFinished, test, vi } from 'vitest'
import { createClient } from '../../../../client/src/client.ts'
import { mattermostTokens } from '../../../../server/src/integrations/mattermost/testing/mattermost-requests.ts'
import { startMattermost } from '../../../../server/src/integrations/mattermost/testing/mattermost-server.ts'
import { openTestDatabase } from '../../../../server/test/database.ts'
import { openTestServer } from '../../testing/test-server.ts'
import { createTestShell } from '../../testing/test-shell.ts'

// Jobs of the server run in real time, on machines that may be slow.
vi.setConfig({ testTimeout: 300_000 })
const patience = { timeout: 120_000, interval: 250 }

const connection = `apiVersion: mainstay.dev/v1
kind: ChatConnection
metadata: { name: mattermost }
spec: { provider: mattermost, rooms: { from: SEV2 } }
`

test('the room of an incident is listed with its address, and what is wrong with it', async () => {
  const [database, chat] = await Promise.all([openTestDatabase('chat-room'), startMattermost()])
  const { server, close } = await openTestServer(database, {
    MAINSTAY_EGRESS_ALLOW: 'mattermost=127.0.0.1/32:any',
  })
  let isAway = false
  onTestFinished(async () => {
    await close()
    if (!isAway) await chat.close()
  })
  const token = await server.createKey({ name: 'terminal', role: 'admin', scopes: ['*'] })
  const client = createClient({ baseUrl: server.url, token, userAgent: 'test' })
  const shell = createTestShell({ environment: { MAINSTAY_URL: server.url, MAINSTAY_TOKEN: token } })
  await client['channels.connect']({
    params: { kind: 'mattermost' },
    body: { url: chat.url, botToken: mattermostTokens.bot, commandToken: mattermostTokens.command },
  })
  await client['resources.apply']({ body: { documents: connection, manager: 'test' } })
  const declare = (title: string, severity: string) => client['incidents.declare']({ body: { title, severity } })
  await declare('Checkout: errors', 'SEV2')
  await declare('A late mail', 'SEV4')

  const room = async (number: string, ...more: string[]) => shell.run('chat', 'room', number, ...more)
  await expect.poll(async () => (await room('1')).out, patience).toMatch(/inc-1-checkout-errors +open +everybody +no/)
  expect((await room('1')).code).toBe(0)
  const found = JSON.parse((await room('1', '-o', 'json')).out)
  expect(found).toMatchObject([{ provider: 'mattermost', state: 'open', private: false, away: null, fault: null }])
  expect((await room('1', '-o', 'wide')).out).toContain(found[0].url)
  expect((await room('1', '-o', 'name')).out.trim()).toBe('room/mattermost')
  // Below the severity that opens rooms.
  expect(await room('2')).toMatchObject({ code: 0, err: expect.stringContaining('It has no room in chat.') })
  expect((await room('9')).code).toBe(3)

  // The chat goes away; the incident goes on, and the terminal says what waits.
  await chat.close()
  isAway = true
  await shell.run('incident', 'note', '1', 'Nobody hears this there.')
  await expect.poll(async () => (await room('1')).code, patience).toBe(1)
  const [away] = JSON.parse((await room('1', '-o', 'json')).out)
  expect(away).toMatchObject({ state: 'open', away: { since: expect.any(String), because: expect.any(String) } })
  expect(away.waiting).toBeGreaterThan(0)
})
