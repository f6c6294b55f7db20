// A PostgreSQL over TLS as DATABASE_URL names it: what is trusted, what is refused, and what the refusal says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { authority as otherAuthority } from '../egress/test-certificates.ts'
import { silentLog } from '../log/log.ts'
import { openDatabase } from './database.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { migrate } from './migrate.ts'
import { type PlainPostgres, plainUser, startPlainPostgres } from './plain-postgres.fixture.ts'
import { sql } from './queries.ts'
import { authority, certificate, key } from './test-certificates.ts'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-tls-'))
const ca = path.join(folder, 'ca.pem')
const otherCa = path.join(folder, 'other.pem')
let server: PlainPostgres
let port: number

beforeAll(async () => {
  writeFileSync(ca, authority)
  writeFileSync(otherCa, otherAuthority)
  port = await freePort()
  server = await startPlainPostgres({
    // Who comes by TCP comes by TLS.
    files: { 'tls.pem': certificate, 'tls.key': key, 'hba.conf': 'local all all trust\nhostssl all all all trust\n' },
    settings: {
      listen_addresses: '127.0.0.1',
      port: String(port),
      ssl: 'on',
      ssl_cert_file: '{folder}/tls.pem',
      ssl_key_file: '{folder}/tls.key',
      hba_file: '{folder}/hba.conf',
    },
  })
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const urlOf = (host: string, query: string) => `postgres://${plainUser}@${host}:${port}/postgres?${query}`

async function encryption(url: string): Promise<unknown> {
  const database = openDatabase({ connection: parseDatabaseUrl(url), log: silentLog })
  try {
    return await database.one(sql`select ssl, version from pg_stat_ssl where pid = pg_backend_pid()`)
  } finally {
    await database.close()
  }
}

test.each([
  ['its own authority, the host as certified', () => urlOf('localhost', `sslmode=verify-full&sslrootcert=${ca}`)],
  ['its own authority, whatever the host is called', () => urlOf('127.0.0.1', `sslmode=verify-ca&sslrootcert=${ca}`)],
  ['encryption alone', () => urlOf('127.0.0.1', 'sslmode=require')],
])('taken: %s', async (_, url) => {
  expect(await encryption(url())).toEqual({ ssl: true, version: expect.stringMatching(/^TLSv1\.[23]$/) })
})

test.each([
  ['another authority', () => urlOf('localhost', `sslmode=verify-full&sslrootcert=${otherCa}`)],
  ['no authority named', () => urlOf('localhost', 'sslmode=verify-full')],
  ['another host than certified', () => urlOf('127.0.0.1', `sslmode=verify-full&sslrootcert=${ca}`)],
  ['another authority, asked for it only', () => urlOf('localhost', `sslmode=verify-ca&sslrootcert=${otherCa}`)],
])('refused: %s', async (_, url) => {
  await expect(encryption(url())).rejects.toMatchObject({
    code: 'database.untrusted',
    message: expect.stringContaining('sslrootcert'),
  })
})

test('without TLS such a server says that it wants it', async () => {
  await expect(encryption(urlOf('localhost', 'sslmode=disable'))).rejects.toThrow('no encryption')
})

test('a start on a server that is not trusted says what to name', async () => {
  const untrusted = migrate(parseDatabaseUrl(urlOf('localhost', 'sslmode=verify-full')))
  await expect(untrusted).rejects.toMatchObject({ code: 'database.untrusted' })
})

test('the whole schema is made over TLS', async () => {
  const report = await migrate(parseDatabaseUrl(urlOf('localhost', `sslmode=verify-full&sslrootcert=${ca}`)))
  expect(report.applied.length).toBe(report.total)
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  await new Promise((resolve) => {
    probe.close(resolve)
  })
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}
