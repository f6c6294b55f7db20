import { expect, test } from 'vitest'
import { parseDatabaseUrl } from './database-url.ts'

test.each([
  ['postgres://ms@db', { host: 'db', port: 5432, user: 'ms', database: 'ms' }],
  [
    'postgresql://ms:p%40ss@db.example:6432/mainstay',
    { host: 'db.example', port: 6432, user: 'ms', password: 'p@ss', database: 'mainstay' },
  ],
  [
    'postgres://ms@/mainstay?host=/run/postgresql',
    { host: '/run/postgresql', port: 5432, user: 'ms', database: 'mainstay' },
  ],
  ['postgres://ms@[::1]:5433/m', { host: '::1', port: 5433, user: 'ms', database: 'm' }],
  ['postgres://ms@db/m?sslmode=verify-full', { host: 'db', port: 5432, user: 'ms', database: 'm', ssl: {} }],
  [
    'postgres://ms@db/m?sslmode=require',
    { host: 'db', port: 5432, user: 'ms', database: 'm', ssl: { rejectUnauthorized: false } },
  ],
])('%s', (url, settings) => {
  expect(parseDatabaseUrl(url)).toEqual(settings)
})

test.each([
  ['db', 'not a URL'],
  ['postgres://db/m', 'names no user'],
  ['postgres://ms@db/m?sslmode=maybe', 'not maybe'],
  ['postgres://ms@db/m?pool=3', 'pool is not known'],
  ['postgres://ms@db/m?sslmode=require&sslrootcert=/nowhere', '/nowhere cannot be read'],
])('%s is refused', (url, says) => {
  expect(() => parseDatabaseUrl(url)).toThrow(says)
})
