// Who is told of what, and why: explanations and the routing file.
import type { Command } from '../../line/command.ts'

const labels = [{ name: 'LABEL=VALUE', required: true, repeat: true }] as const

export const routingCommands: readonly Command[] = [
  {
    words: ['explain'],
    group: 'respond',
    summary: 'Why somebody was paged, or why nobody was',
    examples: [
      { line: 'mainstay explain 42', meaning: 'an alert: every rule that was asked, and what it said' },
      {
        line: 'mainstay explain alertname=DiskFull service=orders severity=critical',
        meaning: 'a signal with these labels, if it came now; changes nothing',
      },
      {
        line: 'mainstay explain service=orders severity=critical --at "2026-12-06 03:00" --zone Europe/Vienna',
        meaning: 'if it came on that Sunday night: maintenance, hours, and who is on call then',
      },
    ],
    arguments: [{ name: 'ALERT|LABEL=VALUE', required: true, repeat: true, completes: 'alert' }],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'Where the labels do not say it.' },
      { name: 'severity', value: 'SEVERITY', summary: 'Where the labels do not say it.' },
      { name: 'at', value: 'TIME', summary: 'If it came then: RFC 3339, or a wall time with --zone (default now).' },
      { name: 'zone', value: 'ZONE', summary: 'Of a wall time (default of this machine).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    words: ['route', 'test'],
    group: 'respond',
    summary: 'Where an alert with these labels would go',
    examples: [
      { line: 'mainstay route test service=db severity=critical', meaning: 'by the file that decides now' },
      {
        line: 'mainstay route test service=db --file alertmanager.yml --at 2026-12-24T20:00:00Z',
        meaning: 'by another file, on another evening',
      },
    ],
    arguments: labels,
    options: [
      { name: 'file', short: 'f', value: 'FILE', completes: 'file', summary: 'An alertmanager.yml to ask instead.' },
      { name: 'at', value: 'TIME', summary: 'For hours and days: RFC 3339, or a wall time with --zone (default now).' },
      { name: 'zone', value: 'ZONE', summary: 'Of a wall time (default of this machine).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./route.ts')).testRoute,
  },
  {
    words: ['route', 'take'],
    group: 'respond',
    summary: 'Let an alertmanager.yml decide routes, hours and inhibition',
    examples: [
      { line: 'mainstay route take alertmanager.yml', meaning: 'refused by line when something cannot be kept' },
      {
        line: 'mainstay route take alertmanager.yml --critical-at-once',
        meaning: 'with its timers, but what is critical waits for none',
      },
    ],
    arguments: [{ name: 'FILE', required: true, completes: 'file' }],
    options: [
      { name: 'critical-at-once', summary: 'What is critical waits for no timer.' },
      { name: 'no-interval', summary: 'No first page waits a group_interval.' },
      { name: 'at-once', summary: 'Nobody waits for a timer of the file.' },
    ],
    server: true,
    load: async () => (await import('./route.ts')).takeRoute,
  },
  {
    words: ['route', 'tree'],
    group: 'respond',
    summary: 'The routes, with the open alerts each one has',
    examples: [{ line: 'mainstay route tree', meaning: 'what is held, and which routes tell nobody now' }],
    server: true,
    data: true,
    load: async () => (await import('./route.ts')).routeTree,
  },
  {
    words: ['route', 'replay'],
    group: 'respond',
    summary: 'What another routing file would have decided of the last days',
    examples: [
      { line: 'mainstay route replay proposed.yml', meaning: 'against the alerts of the last 30 days' },
      { line: 'mainstay route replay --days 7', meaning: 'without any file: who would have been told' },
    ],
    arguments: [{ name: 'FILE', required: false, completes: 'file' }],
    options: [{ name: 'days', value: 'DAYS', summary: 'How far back, 1 to 90 (default 30).' }],
    server: true,
    data: true,
    load: async () => (await import('./route.ts')).replayRoute,
  },
  {
    words: ['route', 'show'],
    group: 'respond',
    summary: 'The routing file that decides now',
    examples: [{ line: 'mainstay route show', meaning: 'without the secrets of its receivers' }],
    server: true,
    data: true,
    load: async () => (await import('./route.ts')).showRoute,
  },
  {
    words: ['route', 'remove'],
    group: 'respond',
    summary: 'Forget the routing file',
    examples: [{ line: 'mainstay route remove', meaning: 'the policies of the services decide alone' }],
    server: true,
    load: async () => (await import('./route.ts')).removeRoute,
  },
]
