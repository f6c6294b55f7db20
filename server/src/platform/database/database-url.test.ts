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
  [
    'postgres://ms@db-1,db-2:5433,[::1]:5434/m?target_session_attrs=read-write',
    {
      host: 'db-1',
      port: 5432,
      user: 'ms',
      database: 'm',
      otherHosts: [
        { host: 'db-2', port: 5433 },
        { host: '::1', port: 5434 },
      ],
    },
  ],
  [
    'postgres://ms:a%2Cb@/m?host=/run/one,/run/two&port=5432,5433',
    {
      host: '/run/one',
      port: 5432,
      user: 'ms',
      password: 'a,b',
      database: 'm',
      otherHosts: [{ host: '/run/two', port: 5433 }],
    },
  ],
  [
    'postgres://ms@/m?host=a,b&port=6432',
    { host: 'a', port: 6432, user: 'ms', database: 'm', otherHosts: [{ host: 'b', port: 6432 }] },
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
  ['postgres://ms@a,b/m?target_session_attrs=standby', 'not standby'],
  ['postgres://ms@/m?host=a,b,c&port=1,2', '3 hosts and 2 ports'],
  ['postgres://ms@/m?host=a&port=70000', '70000 is no port'],
  ['postgres://ms@a,b:x/m', 'b:x is no host'],
])('%s is refused', (url, says) => {
  expect(() => parseDatabaseUrl(url)).toThrow(says)
})
