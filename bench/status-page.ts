// A crowd on a public status page: readers arrive at a fixed rate, whatever the server does, and the time counts from
// when each arrived. Twenty components with ninety days, one open incident.
import { setTimeout as wait } from 'node:timers/promises'
import { print, quantiles, readArguments } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'

const options = readArguments({ rate: 500, seconds: 20, connections: 50, components: 20 })
const csrf = { 'x-mainstay-csrf': '1' }

const components = Array.from({ length: options.components }, (_, index) => ({
  name: `part-${index}`,
  title: `Part ${index}`,
  objective: `part-${index}-answers`,
}))
const page = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'StatusPage',
  metadata: { name: 'shop' },
  spec: { visibility: 'public', components },
}

const product = await startProduct()
try {
  await product.apply(JSON.stringify(page))
  const post = {
    kind: 'incident',
    title: 'Payments fail',
    state: 'investigating',
    body: 'We are looking into it.',
    impacts: { 'part-1': 'partial_outage' },
  }
  demand(await product.admin.send('POST', '/api/v1/status-pages/shop/posts', post, csrf), 201)
  const readers = Array.from({ length: options.connections }, () => connect(product.url, { 'accept-encoding': 'gzip' }))
  const took: number[] = []
  let failed = 0
  let free = [...readers]
  const queue: number[] = []
  const serve = (): void => {
    while (free.length > 0 && queue.length > 0) {
      const reader = free.pop()
      const arrived = queue.shift()
      if (reader === undefined || arrived === undefined) return
      reader
        .send('GET', '/status/shop')
        .then((reply) => {
          if (reply.status !== 200) failed += 1
          took.push(performance.now() - arrived)
        })
        .catch(() => {
          failed += 1
        })
        .finally(() => {
          free = [...free, reader]
          serve()
        })
    }
  }
  const cpuBefore = cpuSeconds([product.serverPid])
  const began = performance.now()
  const total = options.rate * options.seconds
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * options.rate) + 1)
    for (; sent < due; sent += 1) queue.push(began + (sent / options.rate) * 1_000)
    serve()
    await wait(1)
  }
  while (took.length + failed < total) await wait(5)
  // On a busy machine this says more than the clock; the database's processes are in it.
  const cpuMsPerRequest = ((cpuSeconds([product.serverPid]) - cpuBefore) * 1_000) / total
  const bytes = (await product.admin.send('GET', '/status/shop')).body.length
  print('status-page', { ...options, bytes, failed, cpuMsPerRequest, ms: quantiles(took) })
  for (const reader of readers) reader.close()
} finally {
  await product.stop()
}
