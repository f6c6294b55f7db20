import { expect, test } from 'vitest'
import { renderAccess, renderSettings } from './settings.ts'

const mebibyte = 1024 * 1024
const input = {
  socketFolder: "/srv/o'brien/socket",
  accessFile: '/srv/pg_hba.conf',
  port: 5432,
  memoryBytes: 2_048 * mebibyte,
  durable: true,
}

test.each([
  { memory: 256, buffers: '32MB' },
  { memory: 1_024, buffers: '64MB' },
  { memory: 262_144, buffers: '128MB' },
])('$memory MiB of memory give $buffers of buffers', ({ memory, buffers }) => {
  expect(renderSettings({ ...input, memoryBytes: memory * mebibyte })).toContain(`shared_buffers = '${buffers}'\n`)
})

test('a quote in a folder name stays inside its string', () => {
  expect(renderSettings(input)).toContain("unix_socket_directories = '/srv/o''brien/socket'\n")
})

test('only a throw-away cluster gives up durability', () => {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    expect(renderSettings(input)).toContain(`${name} = 'on'\n`)
    expect(renderSettings({ ...input, durable: false })).toContain(`${name} = 'off'\n`)
  }
})

test('nothing but the socket lets anyone in', () => {
  expect(renderSettings(input)).toContain("listen_addresses = ''\n")
  expect(
    renderAccess()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  ).toEqual(['local all all trust'])
})
