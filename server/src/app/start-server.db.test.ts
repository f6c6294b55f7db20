import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import { gate } from '../../test/platform.ts'
import { startServer } from './start-server.ts'

async function settings() {
  const own = await openTestDatabase('start')
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-start-'))
  onTestFinished(async () => {
    await own.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { host, port, user, database } = own.connection
  return {
    DATABASE_URL: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    MAINSTAY_DATA_DIR: folder,
    MAINSTAY_PORT: '0',
  }
}

test('while it starts it takes no request but says that it is alive and not ready', async () => {
  const reached = gate<string>()
  const go = gate()
  const starting = startServer({
    environment: await settings(),
    logLevel: 'silent',
    moreRooms: (needs) => [
      {
        name: 'slow',
        start: async () => {
          reached.open(needs.publicUrl)
          await go.opened
        },
      },
    ],
  })
  const url = await reached.opened
  const refused = await fetch(`${url}/api/v1/setup`)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject({ code: 'http.not-open' })
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: false })
  go.open()
  const server = await starting
  expect((await fetch(`${url}/api/v1/setup`)).status).toBe(200)
  await server.stop()
})

test('a start that fails leaves nothing listening', async () => {
  let url = ''
  const starting = startServer({
    environment: await settings(),
    logLevel: 'silent',
    moreRooms: (needs) => [
      {
        name: 'broken',
        start: async () => {
          url = needs.publicUrl
          throw new Error('broken')
        },
      },
    ],
  })
  await expect(starting).rejects.toThrow('broken')
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
})
