// The rooms in the order of the rail: one list for the rail, the bottom bar, the palette and the `g` jumps.
import type { IconName } from '../parts/icons.tsx'
import type { Overview } from './api-types.ts'

export interface RoomEntry {
  readonly id: string
  readonly title: string
  readonly path: string
  readonly icon: IconName
  readonly jump: string
  /** Key in the overview's counts. */
  readonly count?: keyof Overview['counts'] | 'needsHuman'
  /** Shown in the phone's bottom bar; the rest stands under "More". */
  readonly thumb?: boolean
  readonly words?: string
}

export const rooms: readonly RoomEntry[] = [
  {
    id: 'overview',
    title: 'Overview',
    path: '/',
    icon: 'overview',
    jump: 'g o',
    count: 'needsHuman',
    thumb: true,
    words: 'home now',
  },
  {
    id: 'alerts',
    title: 'Alerts',
    path: '/alerts',
    icon: 'alerts',
    jump: 'g a',
    count: 'openAlerts',
    thumb: true,
    words: 'inbox firing',
  },
  {
    id: 'incidents',
    title: 'Incidents',
    path: '/incidents',
    icon: 'incidents',
    jump: 'g i',
    count: 'openIncidents',
    thumb: true,
  },
  {
    id: 'postmortems',
    title: 'Postmortems',
    path: '/postmortems',
    icon: 'journal',
    jump: 'g m',
    words: 'review corrective actions',
  },
  {
    id: 'learning',
    title: 'Learning',
    path: '/learning',
    icon: 'learning',
    jump: 'g k',
    words: 'repeats problems known errors workaround classes trends monthly review',
  },
  {
    id: 'workflows',
    title: 'Workflows',
    path: '/workflows',
    icon: 'workflows',
    jump: 'g f',
    words: 'automation runbook triggers steps approval webhook conference call',
  },
  {
    id: 'oncall',
    title: 'On-call',
    path: '/oncall',
    icon: 'oncall',
    jump: 'g c',
    thumb: true,
    words: 'schedule rota override contacts',
  },
  {
    id: 'services',
    title: 'Services',
    path: '/services',
    icon: 'services',
    jump: 'g s',
    count: 'services',
    words: 'catalog',
  },
  {
    id: 'objectives',
    title: 'Objectives',
    path: '/objectives',
    icon: 'objectives',
    jump: 'g b',
    count: 'objectives',
    words: 'slo budget burn',
  },
  {
    id: 'agreements',
    title: 'Agreements',
    path: '/agreements',
    icon: 'journal',
    jump: 'g l',
    words: 'sla service level agreement contract credit customer statement',
  },
  {
    id: 'policies',
    title: 'Budget policies',
    path: '/budget-policies',
    icon: 'policies',
    jump: 'g e',
    words: 'freeze approval exception error budget policy change gate tasks',
  },
  {
    id: 'journeys',
    title: 'Journeys',
    path: '/journeys',
    icon: 'journeys',
    jump: 'g y',
    words: 'composite weights ceiling users promise',
  },
  {
    id: 'probes',
    title: 'Probes',
    path: '/probes',
    icon: 'probes',
    jump: 'g r',
    words: 'checks uptime heartbeat certificate blackbox',
  },
  {
    id: 'coverage',
    title: 'Coverage',
    path: '/coverage',
    icon: 'coverage',
    jump: 'g v',
    words: 'signals missing instrumentation lint cost samples series metrics cardinality',
  },
  {
    id: 'intake',
    title: 'Intake',
    path: '/intake',
    icon: 'intake',
    jump: 'g n',
    words: 'senders webhook token orphans sources connect alertmanager grafana pagerduty opsgenie datadog sentry',
  },
  {
    id: 'status',
    title: 'Status pages',
    path: '/status-pages',
    icon: 'status',
    jump: 'g u',
    words: 'customers public maintenance subscribers',
  },
  {
    id: 'maintenance',
    title: 'Maintenance',
    path: '/maintenance',
    icon: 'maintenance',
    jump: 'g w',
    words: 'planned work window calendar changes',
  },
  { id: 'apply', title: 'Apply', path: '/apply', icon: 'apply', jump: 'g p', words: 'plan yaml declare' },
  { id: 'journal', title: 'Journal', path: '/journal', icon: 'journal', jump: 'g j', words: 'audit evidence history' },
  {
    id: 'settings',
    title: 'Settings',
    path: '/settings',
    icon: 'settings',
    jump: 'g t',
    words: 'people keys sessions sources about',
  },
]

export const demoRoom: RoomEntry = {
  id: 'demo',
  title: 'Demo shop',
  path: '/demo',
  icon: 'demo',
  jump: 'g d',
  words: 'break repair mail',
}
