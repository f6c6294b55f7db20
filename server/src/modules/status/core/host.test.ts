import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { judgeHost, pathUnder, proofText, readHost } from './host.ts'

test.each([
  ['status.example.org', 'status.example.org'],
  ['STATUS.Example.org:443', 'status.example.org'],
  ['status.example.org.', 'status.example.org'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['status.example.org@evil.example', null],
  ['status.example.org/..', null],
  ['status.example.org, evil.example', null],
  ['status.example.org:443:80', null],
  ['status..example.org', null],
  ['-status.example.org', null],
  ['localhost', null],
  ['127.0.0.1', null],
  ['[::1]', null],
  ['', null],
  ['a.'.repeat(200), null],
  [undefined, null],
])('%s is %s', (header, host) => expect(readHost(header)).toBe(host))

test.each([
  ['/', '/status/shop'],
  ['/?lang=de', '/status/shop?lang=de'],
  ['/history?month=2026-01', '/status/shop/history?month=2026-01'],
  ['/feed.atom', '/status/shop/feed.atom'],
  ['/images/logo?v=1', '/status/shop/images/logo?v=1'],
  ['/status/page.css', '/status/page.css'],
  ['/status/confirm/l1.a.b.c', '/status/confirm/l1.a.b.c'],
  ['/status/shop/feed.rss', '/status/shop/feed.rss'],
  ['/status/shop', '/status/shop'],
  ['/c/s3cret_-', '/status/shop/c/s3cret_-'],
  ['/c/s3cret_-/feed.atom?lang=de', '/status/shop/c/s3cret_-/feed.atom?lang=de'],
  ['/status/shop/c/s3cret_-/history', '/status/shop/c/s3cret_-/history'],
  ['/c/', '/status/-'],
  ['/c/../../api', '/status/-'],
  ['/c/a/b', '/status/-'],
  ['/status/other/c/s3cret_-', '/status/-'],
  ['/status/other', '/status/-'],
  ['/status/other/feed.atom', '/status/-'],
  ['/api/v1/incidents', '/status/-'],
  ['/login', '/status/-'],
  ['/history/../../../api/v1/session', '/status/-'],
  ['/history%2f..%2f..', '/status/-'],
  ['//evil.example/', '/status/-'],
  ['/metrics', '/status/-'],
])('under its own host %s is %s', (url, path) => expect(pathUnder('shop', url)).toBe(path))

test('a name is its page’s by TXT or CNAME, and stays three days when that is gone', () => {
  const now = instant(Date.parse('2026-03-02T09:00:00Z'))
  const wanted = { host: 'status.example.org', token: 't0', ours: 'mainstay.example.net' }
  const fresh = { verifiedAt: null, because: null, failingSince: null }
  const none = { txt: ['v=spf1'], cname: [] }
  expect(judgeHost(wanted, none, fresh, now)).toMatchObject({
    verifiedAt: null,
    because: expect.stringContaining('TXT'),
  })
  const verified = judgeHost(wanted, { txt: [proofText('t0')], cname: [] }, fresh, now)
  expect(verified).toEqual({ verifiedAt: now, because: null, failingSince: null })
  expect(judgeHost(wanted, { txt: [], cname: ['Mainstay.example.net.'] }, fresh, now).verifiedAt).toBe(now)
  expect(judgeHost({ ...wanted, ours: null }, { txt: [], cname: ['localhost'] }, fresh, now).verifiedAt).toBeNull()
  expect(judgeHost(wanted, { txt: [proofText('of another page')], cname: [] }, fresh, now).verifiedAt).toBeNull()
  const failing = judgeHost(wanted, null, verified, plus(now, day))
  expect(failing).toMatchObject({ verifiedAt: now, because: 'Its name servers did not answer.' })
  expect(judgeHost(wanted, none, failing, plus(now, 4 * day)).verifiedAt).toBeNull()
})

test('the name under which the product answers is no page’s, whatever its DNS says', () => {
  const now = instant(Date.parse('2026-03-02T09:00:00Z'))
  const wanted = { host: 'mainstay.example.net', token: 't0', ours: 'mainstay.example.net' }
  const before = { verifiedAt: now, because: null, failingSince: null }
  expect(judgeHost(wanted, { txt: [proofText('t0')], cname: ['mainstay.example.net'] }, before, now)).toMatchObject({
    verifiedAt: null,
    because: expect.stringContaining('Mainstay itself answers'),
  })
})
