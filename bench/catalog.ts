// A catalog of 10,000 services: declaring them, listing, reading one, its blast radius, importing once more.
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'

const options = readArguments({ services: 10_000, reads: 100 })
const product = await startProduct()
try {
  const name = (index: number) => `svc-${String(index).padStart(5, '0')}`
  const service = (index: number) =>
    JSON.stringify({
      apiVersion: 'mainstay.dev/v1',
      kind: 'Service',
      metadata: {
        name: name(index),
        displayName: `Service ${index}`,
        description: 'One of many.',
        labels: { shard: String(index % 16) },
      },
      // A tree of ten below each, so that the root's failure reaches all.
      spec: { tier: index % 4, ...(index === 0 ? {} : { dependsOn: [name(Math.floor((index - 1) / 10))] }) },
    })
  const parts = Array.from({ length: Math.ceil(options.services / 2_500) }, (_, part) =>
    Array.from({ length: Math.min(2_500, options.services - part * 2_500) }, (_, index) =>
      service(part * 2_500 + index),
    ).join('\n---\n'),
  )
  const timed = async (label: string, count: number, work: (round: number) => Promise<unknown>) => {
    const cpu = cpuSeconds([product.serverPid, product.databasePid])
    const times: number[] = []
    for (let each = 0; each < count; each += 1) {
      const began = performance.now()
      await work(each)
      times.push(performance.now() - began)
    }
    const spent = cpuSeconds([product.serverPid, product.databasePid]) - cpu
    print('catalog', {
      label,
      services: options.services,
      ms: quantiles(times),
      cpuMsEach: round((spent * 1000) / count),
    })
  }
  const get = async (path: string) => demand(await product.admin.send('GET', path), 200)
  await timed('declare 2,500 documents', parts.length, (each) => product.apply(parts[each] ?? ''))
  await timed('declare the same again', parts.length, (each) => product.apply(parts[each] ?? ''))
  await timed('list 500', options.reads, () => get('/api/v1/services?limit=500'))
  await timed('search, 100 found', options.reads, () => get('/api/v1/services?search=service%2099&limit=100'))
  await timed('read a leaf', options.reads, (each) => get(`/api/v1/services/${name(options.services - 1 - each)}`))
  await timed('blast radius of the root', Math.min(20, options.reads), () =>
    get(`/api/v1/services/${name(0)}/blast-radius`),
  )
} finally {
  await product.stop()
}
