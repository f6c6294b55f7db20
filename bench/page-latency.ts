// From the moment an alert is sent until a mail server has taken the page for it: intake, escalation, delivery, SMTP.
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { startMailSink } from './parts/mail-sink.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'

const options = readArguments({ pages: 100, perSecond: 4, people: 100 })

const mails = await startMailSink()
const product = await startProduct({ environment: mails.environment })
try {
  const documents: object[] = []
  // Pages to one person within moments go out as one message, so every service has a team and a person of its own.
  for (let index = 0; index < options.people; index += 1) {
    const object = (kind: string, name: string, spec: object) => ({
      apiVersion: 'mainstay.dev/v1',
      kind,
      metadata: { name },
      spec,
    })
    documents.push(
      object('Person', `person-${index}`, { email: `person-${index}@shop.example` }),
      object('Team', `team-${index}`, { members: [`person-${index}`] }),
      object('Service', `service-${index}`, { team: `team-${index}`, tier: 1 }),
    )
  }
  await product.apply(documents.map((each) => JSON.stringify(each)).join('\n---\n'))
  const authorization = `Bearer ${await product.createKey('pages')}`
  const senders = Array.from({ length: 16 }, () => connect(product.url, { authorization }))
  const sent = new Map<string, { sent: number; accepted: number }>()
  const cpu = cpuSeconds([product.serverPid, product.databasePid])
  const began = performance.now()
  const answers: Promise<void>[] = []
  for (let index = 0; index < options.pages; index += 1) {
    const due = began + (index * 1000) / options.perSecond
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    const mark = `mark-${index}-end`
    const at = performance.now()
    const signal = {
      dedupKey: mark,
      summary: `Checkout fails ${mark}`,
      severity: 'critical',
      service: `service-${index % options.people}`,
    }
    // Whoever is answered slowly sends no more slowly: each leaves when it is due.
    const answer = senders[index % senders.length]?.send('POST', '/api/v1/signals', { signals: [signal] })
    answers.push(
      Promise.resolve(answer).then((reply) => {
        if (reply !== undefined) demand(reply, 202)
        sent.set(mark, { sent: at, accepted: performance.now() })
      }),
    )
  }
  await Promise.all(answers)
  const until = performance.now() + 60_000
  while (mails.taken.size < sent.size && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50))
  const spent = cpuSeconds([product.serverPid, product.databasePid]) - cpu
  const waits = (from: 'sent' | 'accepted') =>
    [...sent].flatMap(([mark, times]) => {
      const at = mails.taken.get(mark)
      return at === undefined ? [] : [Math.max(0, at - times[from])]
    })
  print('page-latency', {
    ...options,
    paged: mails.taken.size,
    missing: sent.size - mails.taken.size,
    fromSentMs: quantiles(waits('sent')),
    fromAcceptedMs: quantiles(waits('accepted')),
    cpuMsPerPage: round((spent * 1000) / options.pages),
  })
  for (const each of senders) each.close()
} finally {
  await product.stop()
  await mails.close()
}
