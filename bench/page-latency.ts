// From the moment an alert is sent until a mail server has taken the page for it: intake, escalation, delivery, SMTP. With
// `--webhook 1` until a webhook that the escalation policy names beside the person has it; with `--alertmanager 1` sent as
// Prometheus sends it.
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { startMailSink } from './parts/mail-sink.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'
import { startMarkSink } from './parts/webhook-sink.ts'

const options = readArguments({ pages: 100, perSecond: 4, people: 100, webhook: 0, alertmanager: 0 })

const policyOf = (person: string): object => ({
  levels: [{ notify: [{ person }, { webhook: 'board' }], waitFor: '5m' }],
  ...{ repeat: 1, fallbackOwner: person },
})

const timeIn = (ms: number): string => new Date(Date.now() + ms).toISOString()

const mails = await startMailSink()
const hook = options.webhook === 0 ? null : await startMarkSink()
const { taken } = hook ?? mails
const allowed = [mails.environment.MAINSTAY_EGRESS_ALLOW, ...(hook === null ? [] : [hook.allow])].join(';')
const product = await startProduct({ environment: { ...mails.environment, MAINSTAY_EGRESS_ALLOW: allowed } })
try {
  const documents: object[] = []
  if (hook !== null)
    documents.push({
      ...{ apiVersion: 'mainstay.dev/v1', kind: 'Webhook', metadata: { name: 'board' } },
      spec: { url: hook.url },
    })
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
      ...(hook === null ? [] : [object('EscalationPolicy', `policy-${index}`, policyOf(`person-${index}`))]),
      object('Service', `service-${index}`, {
        ...{ team: `team-${index}`, tier: 1 },
        ...(hook === null ? {} : { escalationPolicy: `policy-${index}` }),
      }),
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
    const [summary, severity, service] = [`Checkout fails ${mark}`, 'critical', `service-${index % options.people}`]
    const alert = { labels: { alertname: mark, severity, service }, annotations: { summary } }
    const [path, body] =
      options.alertmanager === 0
        ? ['/api/v1/signals', { signals: [{ dedupKey: mark, summary, severity, service }] }]
        : ['/api/v2/alerts', [{ ...alert, startsAt: timeIn(0), endsAt: timeIn(4 * 60_000) }]]
    // Whoever is answered slowly sends no more slowly: each leaves when it is due.
    const answer = senders[index % senders.length]?.send('POST', path as string, body as object)
    answers.push(
      Promise.resolve(answer).then((reply) => {
        if (reply !== undefined) demand(reply, options.alertmanager === 0 ? 202 : 200)
        sent.set(mark, { sent: at, accepted: performance.now() })
      }),
    )
  }
  await Promise.all(answers)
  const until = performance.now() + 60_000
  while (taken.size < sent.size && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
  const spent = cpuSeconds([product.serverPid, product.databasePid]) - cpu
  const waits = (from: 'sent' | 'accepted') =>
    [...sent].flatMap(([mark, times]) => {
      const at = taken.get(mark)
      return at === undefined ? [] : [Math.max(0, at - times[from])]
    })
  print('page-latency', {
    ...options,
    paged: taken.size,
    missing: sent.size - taken.size,
    fromSentMs: quantiles(waits('sent')),
    fromAcceptedMs: quantiles(waits('accepted')),
    cpuMsPerPage: round((spent * 1000) / options.pages),
  })
  for (const each of senders) each.close()
} finally {
  await product.stop()
  await mails.close()
  await hook?.close()
}
