// A status page as it is declared, and how its components stand.
import type { Language } from './language.ts'

export const componentStates = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const
export type ComponentState = (typeof componentStates)[number]

export interface Component {
  /** Unique on the page. */
  readonly name: string
  readonly title: string
  readonly description: string | null
  readonly group: string | null
  readonly services: readonly string[]
  /** The objective its uptime is counted from; null when none was chosen. */
  readonly objective: string | null
}

export interface StatusPage {
  readonly name: string
  readonly title: string
  readonly description: string | null
  readonly visibility: 'public' | 'private'
  readonly team: string | null
  readonly support: string | null
  /** Of the company the page is about. */
  readonly home: string | null
  /** `#0b4fd6`, as it was given; what is shown can be read. */
  readonly color: string | null
  /** Its own host name: `status.example.org`. */
  readonly host: string | null
  /** The first is the one people write in. */
  readonly languages: readonly Language[]
  /** Of its times. */
  readonly zone: string
  readonly components: readonly Component[]
  /** Whose view of the page it is; null of what everybody reads. */
  readonly customer: { readonly id: string; readonly name: string; readonly title: string } | null
}

/** From component to how it stands; what is not named is operational. */
export type Impacts = Readonly<Record<string, ComponentState>>

const rank = (state: ComponentState): number => componentStates.indexOf(state)

export function worse(a: ComponentState, b: ComponentState): ComponentState {
  return rank(a) >= rank(b) ? a : b
}

/** How a component stands when several things go on at once: as the worst of them says. */
export function stateOf(component: string, open: readonly Impacts[]): ComponentState {
  return open.reduce<ComponentState>(
    (state, impacts) => worse(state, impacts[component] ?? 'operational'),
    'operational',
  )
}

export interface Overall {
  readonly state: ComponentState
  /** Every component stands so, and there are several. */
  readonly all: boolean
}

export function overallOf(states: readonly ComponentState[]): Overall {
  const state = states.reduce<ComponentState>(worse, 'operational')
  const hurt = states.filter((each) => each === state).length
  return { state, all: hurt === states.length && states.length > 1 }
}

/** The language people write in. */
export const firstLanguage = (page: Pick<StatusPage, 'languages'>): Language => page.languages[0] ?? 'en'
