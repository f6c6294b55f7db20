import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createEgress } from '../../platform/egress/index.ts'
import { htmlOf } from './mail-page.ts'
import { createMailer, messageIdOf, readServer } from './smtp-channel.ts'

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

interface Server {
  readonly port: number
  readonly said: readonly string[]
  /** Of the mail itself. */
  readonly body: string
  /** Resolves when every connection is closed. */
  readonly gone: () => Promise<unknown>
}

/** Answers as RFC 5321 says, but for what it is told to answer to a verb. */
async function openServer(answers: Readonly<Record<string, string>> = {}): Promise<Server> {
  const state = { said: [] as string[], body: '' }
  const sockets = new Set<Socket>()
  const closed: Promise<unknown>[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    closed.push(once(socket, 'close'))
    socket.on('error', () => undefined)
    let takes = false
    socket.write('220 mail.example ESMTP\r\n')
    socket.on('data', (bytes) => {
      const text = bytes.toString()
      if (takes) {
        state.body += text
        if (state.body.endsWith('\r\n.\r\n')) socket.write('250 2.0.0 taken\r\n')
        return
      }
      const verb = text.slice(0, 4).toUpperCase()
      state.said.push(verb)
      takes = verb === 'DATA'
      const usual = takes ? '354 go on' : '250 ok'
      socket.write(`${answers[verb] ?? usual}\r\n`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(state, { port, gone: () => Promise.all(closed) })
}

const egress = createEgress({
  policies: (connector) => ({ connector, allow: [{ cidr: '127.0.0.0/8', ports: 'any', schemes: ['tcp'] }] }),
  guard: { ownPorts: () => [], endpoints: () => [], ownAddresses: () => [] },
})

const sendTo = ({ port }: Server, beforeWrite: () => Promise<void>, signal = new AbortController().signal) =>
  createMailer(egress, { url: `smtp://127.0.0.1:${port}`, from: 'Mainstay <mainstay@shop.example>' }).send({
    ...{ to: 'ana@shop.example', subject: 'Critical: nas', text: 'Disk full', html: '<p>Disk full</p>' },
    ...{ key: 'page:1', at: Date.UTC(2026, 2, 2), headers: {}, beforeWrite, signal },
  })

const isWhole = ({ body }: Server): boolean => body.endsWith('\r\n.\r\n')

test('whether it may leave is asked when the server has the text and waits for its end', async () => {
  const server = await openServer()
  let before = { said: [] as readonly string[], isWhole: true }
  const outcome = await sendTo(server, async () => {
    while (!server.body.includes('Disk full')) await new Promise((resolve) => setImmediate(resolve))
    before = { said: [...server.said], isWhole: isWhole(server) }
  })
  expect(before).toEqual({ said: ['EHLO', 'MAIL', 'RCPT', 'DATA'], isWhole: false })
  expect(outcome).toEqual({ kind: 'accepted', receipt: '250 2.0.0 taken' })
  expect(server.body).toContain('Subject: Critical: nas')
})

test('what was stopped at the last moment is refused, and the server has no whole mail', async () => {
  const server = await openServer()
  const outcome = await sendTo(server, () => Promise.reject(new Error('ana acknowledged it.')))
  expect(outcome).toEqual({ kind: 'refused', because: 'ana acknowledged it.' })
  await server.gone()
  expect(isWhole(server)).toBe(false)
})

test('what was given up while it was asked does not leave when the answer comes after all', async () => {
  const server = await openServer()
  const given = new AbortController()
  let answer: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    answer = resolve
  })
  const outcome = await sendTo(
    server,
    () => {
      setImmediate(() => given.abort())
      return asked
    },
    given.signal,
  )
  expect(outcome).toMatchObject({ kind: 'refused' })
  answer()
  await server.gone()
  expect(isWhole(server)).toBe(false)
})

test.each([
  ['MAIL', '451 try later', 'refused'],
  ['RCPT', '550 no such user', 'rejected'],
  ['DATA', '451 not now', 'refused'],
])(
  'a server that answers %s with %s is not sent anything: nobody asks whether it may leave',
  async (verb, answer, kind) => {
    const server = await openServer({ [verb]: answer })
    let asked = 0
    const outcome = await sendTo(server, async () => {
      asked += 1
    })
    expect(outcome).toMatchObject({ kind, because: expect.stringContaining(answer) })
    expect({ asked, body: server.body }).toEqual({ asked: 0, body: '' })
  },
)
