// A bounded population of alerts as Prometheus sends them, and a closed loop that sends a mix of new, repeated and
// resolved ones. Everything is built before the clock runs.

export interface StormOptions {
  /** Tells the alerts of several senders apart. */
  readonly sender: number
  readonly services: number
  /** Alerts that are open before the measured part. */
  readonly warm: number
  /** Alerts in the measured part. */
  readonly count: number
  readonly batch: number
  /** Shares of new and resolved alerts; the rest repeats what is open. */
  readonly fresh: number
  readonly resolved: number
}

export interface Storm {
  readonly warmUp: readonly (readonly object[])[]
  readonly measured: readonly (readonly object[])[]
}

const rules = ['ErrorRateHigh', 'LatencyHigh', 'QueueGrows', 'DiskFills', 'CertificateEnds']

export function alertOf(
  index: number,
  of: Pick<StormOptions, 'services' | 'sender'>,
  now: number,
  over: boolean,
): object {
  const { services, sender } = of
  const service = `svc-${String(index % services).padStart(4, '0')}`
  const instance = `10.${sender}.${Math.floor(index / services) % 250}.${Math.floor(index / services / 250)}:9100`
  const alertname = rules[Math.floor(index / services) % rules.length]
  return {
    labels: { alertname, service, instance, severity: 'warning', region: 'eu-1', job: 'node' },
    annotations: {
      summary: `${alertname} on ${instance}`,
      description: `The rule ${alertname} has held on ${instance} of ${service} for five minutes.`,
      runbook_url: `https://wiki.shop.example/${alertname}`,
    },
    startsAt: new Date(now - 60_000).toISOString(),
    endsAt: new Date(over ? now - 1_000 : now + 3_600_000).toISOString(),
    generatorURL: `http://prometheus.shop.example/graph?g0.expr=${alertname}`,
  }
}

export function planStorm(options: StormOptions): Storm {
  const now = Date.now()
  let next = 0
  let seed = 1
  // The same storm in every run (numerical recipes' generator).
  const chance = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const open: number[] = []
  const add = () => {
    open.push(next)
    next += 1
    return alertOf(next - 1, options, now, false)
  }
  const warm = Array.from({ length: options.warm }, add)
  const measured = Array.from({ length: options.count }, () => {
    const drawn = chance()
    if (drawn < options.fresh || open.length < 2) return add()
    const place = Math.floor(chance() * open.length)
    const index = open[place] ?? 0
    const over = drawn < options.fresh + options.resolved
    if (over) open.splice(place, 1)
    return alertOf(index, options, now, over)
  })
  return { warmUp: chunks(warm, 500), measured: chunks(measured, options.batch) }
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
