import { expect, test } from 'vitest'
import { htmlOf } from './mail-page.ts'
import { messageIdOf, readServer } from './smtp-channel.ts'

test.each([
  ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, auth: null }],
  ['smtps://mail.example', { host: 'mail.example', port: 465, secure: true, auth: null }],
  ['smtp://ana%40x:p%3Aw@[::1]:2525', { host: '::1', port: 2525, secure: false, auth: { user: 'ana@x', pass: 'p:w' } }],
])('%s', (url, server) => {
  expect(readServer(url)).toEqual(server)
})

test('one delivery has one message id, another one another', () => {
  expect(messageIdOf('page:1', 'x.example')).toBe(messageIdOf('page:1', 'x.example'))
  expect(messageIdOf('page:1', 'x.example')).not.toBe(messageIdOf('page:2', 'x.example'))
  expect(messageIdOf('page:1', 'x.example')).toMatch(/^<[0-9a-f]{40}@x\.example>$/)
})

test('the page of a mail shows text as text and leads to the two links only', () => {
  const message = {
    subject: 'Critical: <script>alert(1)</script>',
    short: '',
    body: 'What: "a" & <img src=x>\nAcknowledge: http://m/a/t?x=1&y=2\nOpen: http://m/alerts/1',
  }
  const html = htmlOf({ message, ackUrl: 'http://m/a/t?x=1&y=2', openUrl: 'http://m/alerts/1' })
  expect(html).not.toMatch(/<script|<img/)
  expect(html.match(/href="[^"]*"/g)).toEqual(['href="http://m/a/t?x=1&amp;y=2"', 'href="http://m/alerts/1"'])
  expect(html).toContain('<b>What:</b> &quot;a&quot; &amp; &lt;img src=x&gt;')
  expect(html.length).toBeLessThan(30_000)
})
