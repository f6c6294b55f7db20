// A bounded population of alerts as Prometheus sends them from Kubernetes, and a closed loop that sends a mix of new, repeated
// and resolved ones. Everything is built before the clock runs. An alert is some 785 bytes with thirteen labels, one of them
// its very own; those that follow each other walk over the services first, so that a storm hits all groups at once; the rule
// says how severe one is.

export interface Population {
  /** Tells the alerts of several senders apart. */
  readonly sender: number
  readonly services: number
  /** Rules that fire for each service, at most ten. Five unless said: one of them critical. */
  readonly rules?: number
}

export interface StormOptions extends Population {
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

interface Where {
  readonly service: string
  readonly namespace: string
  readonly pod: string
  readonly cluster: string
}

interface Rule {
  readonly name: string
  readonly severity: string
  readonly summary: string
  readonly says: (where: Where) => string
}

const rules: readonly Rule[] = [
  {
    ...{ name: 'KubePodCrashLooping', severity: 'warning', summary: 'Pod is crash looping.' },
    says: ({ namespace, pod, cluster }) =>
      `Pod ${namespace}/${pod} (app) is in waiting state (reason: "CrashLoopBackOff") on cluster ${cluster}.`,
  },
  {
    ...{ name: 'KubePodNotReady', severity: 'warning' },
    summary: 'Pod has been in a non-ready state for more than 15 minutes.',
    says: ({ namespace, pod, cluster }) =>
      `Pod ${namespace}/${pod} has been in a non-ready state for longer than 15 minutes on cluster ${cluster}.`,
  },
  {
    ...{ name: 'KubeDeploymentReplicasMismatch', severity: 'warning' },
    summary: 'Deployment has not matched the expected number of replicas.',
    says: ({ namespace, service, cluster }) =>
      `Deployment ${namespace}/${service} has not matched the expected number of replicas for longer than 15 minutes on cluster ${cluster}.`,
  },
  {
    ...{ name: 'HTTPErrorRateHigh', severity: 'critical', summary: 'High ratio of 5xx responses.' },
    says: ({ service, pod, cluster }) =>
      `Service ${service} pod ${pod} answers more than 5% of requests with 5xx over 5m (current value 0.0731) on cluster ${cluster}.`,
  },
  {
    ...{ name: 'HTTPLatencyP99High', severity: 'warning', summary: 'p99 latency above objective.' },
    says: ({ service, pod, cluster }) =>
      `Service ${service} pod ${pod} has p99 latency above 1s over 10m (current value 1.734s) on cluster ${cluster}.`,
  },
  {
    ...{ name: 'CPUThrottlingHigh', severity: 'info', summary: 'Processes experience elevated CPU throttling.' },
    says: ({ namespace, pod, cluster }) =>
      `43.21% throttling of CPU in namespace ${namespace} for container app in pod ${pod} on cluster ${cluster}.`,
  },
  {
    ...{ name: 'KubeContainerWaiting', severity: 'warning', summary: 'Pod container waiting longer than 1 hour' },
    says: ({ namespace, pod, cluster }) =>
      `pod/${pod} in namespace ${namespace} on container app has been in waiting state for longer than 1 hour on cluster ${cluster}.`,
  },
  {
    ...{ name: 'TargetDown', severity: 'critical', summary: 'One or more targets are unreachable.' },
    says: ({ namespace, service, cluster }) =>
      `100% of the kube-state-metrics/${service} targets in ${namespace} namespace are down on cluster ${cluster}.`,
  },
  {
    ...{ name: 'KubePersistentVolumeFillingUp', severity: 'critical', summary: 'PersistentVolume is filling up.' },
    says: ({ namespace, pod, cluster }) =>
      `The PersistentVolume claimed by data-${pod} in Namespace ${namespace} on Cluster ${cluster} is only 2.31% free.`,
  },
  {
    ...{ name: 'ErrorBudgetBurn', severity: 'critical', summary: 'High error budget burn rate for the SLO.' },
    says: ({ service, cluster }) =>
      `Service ${service} burns its 30d error budget 14.4 times too fast (1h and 5m windows) on cluster ${cluster}.`,
  },
]

/** The same digits for the same numbers in every run. */
function digits(value: number, length: number): string {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(length, '0').slice(-length)
}

export const serviceOf = (index: number, services: number): string => `svc-${String(index % services).padStart(4, '0')}`

export interface Times {
  readonly startsAt: number
  readonly endsAt: number
}

export function alertOf(index: number, of: Population, { startsAt, endsAt }: Times): object {
  const { services, sender } = of
  const number = index % services
  const row = Math.floor(index / services)
  const rule = rules[row % (of.rules ?? 5)] ?? (rules[0] as Rule)
  const copy = Math.floor(row / (of.rules ?? 5))
  const mark = digits(number * 7_919 + copy * 104_729 + sender, 5)
  const service = serviceOf(index, services)
  const namespace = `team-${String(number % 50).padStart(2, '0')}`
  const pod = `${service}-${digits(number + 17, 8)}-${mark}${copy}`
  const cluster = `prod-eu-${number % 3}`
  return {
    labels: {
      ...{ alertname: rule.name, cluster, container: 'app', endpoint: 'http' },
      instance: `10.${sender}.${Number.parseInt(mark.slice(-2), 16)}.${copy & 255}:8080`,
      ...{ job: 'kube-state-metrics', namespace, pod, prometheus: 'monitoring/k8s', service },
      ...{ severity: rule.severity, team: namespace, uid: `${digits(index + 1, 8)}-${sender}-${index}` },
    },
    annotations: {
      description: rule.says({ service, namespace, pod, cluster }),
      runbook_url: `https://runbooks.prometheus-operator.dev/runbooks/kubernetes/${rule.name.toLowerCase()}`,
      summary: rule.summary,
    },
    generatorURL: `http://prometheus-k8s-0:9090/graph?g0.expr=sum%28rate%28http_requests_total%7Bservice%3D%22${service}%22%7D%5B5m%5D%29%29+%3E+0&g0.tab=1`,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
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
  const one = (index: number, over: boolean) =>
    alertOf(index, options, { startsAt: now - 60_000, endsAt: over ? now - 1_000 : now + 3_600_000 })
  const open: number[] = []
  const add = () => {
    open.push(next)
    next += 1
    return one(next - 1, false)
  }
  const warm = Array.from({ length: options.warm }, add)
  const measured = Array.from({ length: options.count }, () => {
    const drawn = chance()
    if (drawn < options.fresh || open.length < 2) return add()
    const place = Math.floor(chance() * open.length)
    const index = open[place] ?? 0
    const over = drawn < options.fresh + options.resolved
    if (over) open.splice(place, 1)
    return one(index, over)
  })
  return { warmUp: chunks(warm, 500), measured: chunks(measured, options.batch) }
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
