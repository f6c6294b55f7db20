// One incident room in a crowd: 50 people follow it live, 20 things happen in a second, each written through the API. Counted is
// from the moment a line is sent until each of them has it, the commit included, and from the answer.
import { setTimeout as wait } from 'node:timers/promises'
import { followStream } from '../server/test/stream-reader.ts'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'

const options = readArguments({ readers: 50, perSecond: 20, seconds: 30, writers: 8 })

const product = await startProduct()
try {
  const authorization = `Bearer ${await product.createKey('room')}`
  const writers = Array.from({ length: options.writers }, () => connect(product.url, { authorization }))
  const [first] = writers
  if (first === undefined) throw new Error('Somebody has to write.')
  const declared = await first.send('POST', '/api/v1/incidents', { title: 'Payments fail', severity: 'SEV1' })
  const { id } = JSON.parse(demand(declared, 201)) as { id: string }
  const readers = Array.from({ length: options.readers }, () => followStream([product.url], { authorization }))
  await Promise.all(readers.map((each) => each.ready))

  const total = options.perSecond * options.seconds
  const sent = new Map<string, { readonly at: number; answered: number }>()
  const cpu = cpuSeconds([product.serverPid, product.databasePid])
  const began = performance.now()
  const lines = Array.from({ length: total }, async (_, index) => {
    const due = began + (index * 1000) / options.perSecond
    await wait(Math.max(0, due - performance.now()))
    const text = `line ${index}`
    // Counted from when it was due, so that a slow answer before it is not forgiven.
    const line = { at: due, answered: 0 }
    sent.set(text, line)
    const writer = writers[index % writers.length] ?? first
    demand(await writer.send('POST', `/api/v1/incidents/${id}/notes`, { text }), 201)
    line.answered = performance.now()
  })
  await Promise.all(lines)
  const textOf = (data: unknown) => (data as { data?: { text?: string } }).data?.text ?? ''
  const until = performance.now() + 60_000
  const complete = () =>
    readers.every((each) => each.heard.filter(({ data }) => sent.has(textOf(data))).length >= total)
  while (!complete() && performance.now() < until) await wait(50)
  const spent = cpuSeconds([product.serverPid, product.databasePid]) - cpu
  const [fromSending, fromAnswer]: [number[], number[]] = [[], []]
  for (const reader of readers)
    for (const { data, at } of reader.heard) {
      const line = sent.get(textOf(data))
      if (line === undefined) continue
      fromSending.push(at - line.at)
      fromAnswer.push(Math.max(0, at - line.answered))
    }
  print('room', {
    ...options,
    missed: total * readers.length - fromSending.length,
    fromSendingMs: quantiles(fromSending),
    fromAnswerMs: quantiles(fromAnswer),
    writtenMs: quantiles([...sent.values()].map((each) => each.answered - each.at)),
    cpuMsPerLine: round((spent * 1000) / total),
  })
  await Promise.all(readers.map((each) => each.stop()))
  for (const writer of writers) writer.close()
} finally {
  await product.stop()
}
