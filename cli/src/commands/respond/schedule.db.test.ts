// Schedules, calendars and imports by the command line against a real server.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../server/test/database.ts'
import { openTestServer } from '../../testing/test-server.ts'
import { createTestShell } from '../../testing/test-shell.ts'

let environment: Readonly<Record<string, string>>
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openTestServer(await openTestDatabase('cli_schedules'))
  const token = await opened.server.createKey({ name: 'tests', role: 'admin', scopes: ['*'] })
  environment = { MAINSTAY_URL: opened.server.url, MAINSTAY_TOKEN: token }
  close = opened.close
})
afterAll(() => close())

const layer = (users: readonly object[]) => ({
  name: 'Weekly',
  start: '2026-01-05T09:00:00+01:00',
  rotation_virtual_start: '2026-01-05T09:00:00+01:00',
  rotation_turn_length_seconds: 604_800,
  users: users.map((user) => ({ user })),
})
const writer = (home: string) => (file: string, text: string) => writeFileSync(path.join(home, file), text)

test('an export is rehearsed, refused while somebody is unknown, and applied', async () => {
  const terminal = createTestShell({ environment })
  const write = writer(terminal.home)
  const noor = { id: 'P1', summary: 'Noor', email: 'noor@shop.example' }
  const of = (users: readonly object[]) =>
    JSON.stringify({ schedule: { name: 'Platform', time_zone: 'Europe/Berlin', schedule_layers: [layer(users)] } })
  write('export.json', of([noor, { id: 'P2', summary: 'Piet', email: 'piet@shop.example' }]))
  const rehearsal = await terminal.run('import', 'schedules', 'export.json', '--dry-run')
  expect(`${rehearsal.out}${rehearsal.err}`).toContain('+ schedule/platform: 1 rotation')
  expect((await terminal.run('schedule', 'show', 'platform')).code).toBe(3)
  write('unknown.json', of([noor, { id: 'P3', summary: 'Quin' }]))
  const refused = await terminal.run('import', 'schedules', 'unknown.json')
  expect([refused.code, `${refused.out}${refused.err}`]).toEqual([5, expect.stringContaining('Quin has no address')])
  const applied = await terminal.run('import', 'schedules', 'export.json')
  expect([applied.code, `${applied.out}${applied.err}`]).toEqual([0, expect.stringContaining('3 objects applied.')])
  expect((await terminal.run('schedule', 'show', 'platform')).out).toMatch(/noor[\s\S]*piet|piet[\s\S]*noor/)
  expect((await terminal.run('import', 'schedules', 'missing.json')).code).toBe(3)
})

test('a calendar is read, and a key without a person has no shifts to swap', async () => {
  const terminal = createTestShell({ environment })
  const write = writer(terminal.home)
  const year = new Date().getUTCFullYear() + 1
  write(
    'holidays.ics',
    `BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Founding day\nDTSTART;VALUE=DATE:${year}0105\nEND:VEVENT\nEND:VCALENDAR\n`,
  )
  const read = await terminal.run(
    'schedule',
    'read-calendar',
    'platform',
    'holidays.ics',
    '--as',
    'holidays',
    '--dry-run',
  )
  expect(`${read.out}${read.err}`).toContain('Founding day')
  expect((await terminal.run('swap', 'list')).code).toBe(0)
  const asked = await terminal.run(
    'swap',
    'ask',
    'platform',
    '--from',
    `${year}-01-01T09:00:00Z`,
    '--to',
    `${year}-01-02T09:00:00Z`,
    '--reason',
    'x',
  )
  expect(asked.code).toBe(4)
})
