// Addresses and the lazily loaded room behind each.
import { type ComponentType, lazy } from 'react'

interface RouteEntry {
  readonly path: string
  readonly page: ComponentType
  /** Fetches its script; asked for early, beside the question who is looking. */
  readonly load?: () => Promise<unknown>
  /** Stands alone, without rooms and bars around it. */
  readonly bare?: true
}

const at = (path: string, load: () => Promise<{ default: ComponentType }>): RouteEntry => ({
  path,
  load,
  page: lazy(load),
})

export const routes: readonly RouteEntry[] = [
  at('/', () => import('../rooms/overview/overview-page.tsx')),
  at('/services', () => import('../rooms/services/services-page.tsx')),
  at('/services/:name', () => import('../rooms/services/service-page.tsx')),
  at('/objectives', () => import('../rooms/objectives/objectives-page.tsx')),
  at('/objectives/:name', () => import('../rooms/objectives/objective-page.tsx')),
  at('/objective-reviews', () => import('../rooms/objectives/reviews-page.tsx')),
  at('/slo-report', () => import('../rooms/objectives/report-page.tsx')),
  at('/agreements', () => import('../rooms/agreements/agreements-page.tsx')),
  at('/agreements/:name', () => import('../rooms/agreements/agreement-page.tsx')),
  at('/budget-policies', () => import('../rooms/policies/policies-page.tsx')),
  at('/journeys', () => import('../rooms/journeys/journeys-page.tsx')),
  at('/journeys/:name', () => import('../rooms/journeys/journey-page.tsx')),
  at('/probes', () => import('../rooms/telemetry/probes-page.tsx')),
  at('/coverage', () => import('../rooms/telemetry/coverage-page.tsx')),
  at('/coverage/:name', () => import('../rooms/telemetry/coverage-service-page.tsx')),
  at('/probes/:name', () => import('../rooms/telemetry/probe-page.tsx')),
  at('/alerts', () => import('../rooms/alerts/alerts-page.tsx')),
  at('/maintenance', () => import('../rooms/maintenance/maintenance-page.tsx')),
  at('/routing', () => import('../rooms/alerts/routing-page.tsx')),
  at('/silences', () => import('../rooms/alerts/silences-page.tsx')),
  at('/alerts/noise', () => import('../rooms/alerts/noise-page.tsx')),
  at('/alerts/:id', () => import('../rooms/alerts/alert-page.tsx')),
  at('/intake', () => import('../rooms/intake/intake-page.tsx')),
  at('/intake/:name', () => import('../rooms/intake/source-page.tsx')),
  at('/incidents', () => import('../rooms/incidents/incidents-page.tsx')),
  { ...at('/wall', () => import('../rooms/incidents/wall-page.tsx')), bare: true },
  at('/incidents/learnt', () => import('../rooms/incidents/learnt-page.tsx')),
  at('/incidents/:id', () => import('../rooms/incidents/incident-page.tsx')),
  at('/postmortems', () => import('../rooms/postmortems/library-page.tsx')),
  at('/postmortems/:id', () => import('../rooms/postmortems/postmortem-page.tsx')),
  at('/postmortems/:id/print', () => import('../rooms/postmortems/print-page.tsx')),
  at('/learning', () => import('../rooms/learning/learning-page.tsx')),
  at('/learning/problems/:id', () => import('../rooms/learning/problem-page.tsx')),
  at('/workflows', () => import('../rooms/workflows/workflows-page.tsx')),
  at('/oncall', () => import('../rooms/oncall/oncall-page.tsx')),
  at('/status-pages', () => import('../rooms/status/status-pages.tsx')),
  at('/status-pages/:name', () => import('../rooms/status/status-pages.tsx')),
  at('/apply', () => import('../rooms/apply/apply-page.tsx')),
  at('/journal', () => import('../rooms/journal/journal-page.tsx')),
  at('/settings', () => import('../rooms/settings/settings-page.tsx')),
  at('/settings/:tab', () => import('../rooms/settings/settings-page.tsx')),
  at('/demo', () => import('../rooms/demo/demo-page.tsx')),
]

export const SignInPage = lazy(() => import('../rooms/entry/sign-in-page.tsx'))
export const SetupPage = lazy(() => import('../rooms/entry/setup-page.tsx'))

/** Begins to fetch the page behind an address. A refusal is shown when the page itself asks again. */
export function preload(address: string): void {
  routes
    .find((route) => leadsTo(route.path, address))
    ?.load?.()
    .catch(() => undefined)
}

/** `/services/:name` leads to `/services/checkout`. */
export function leadsTo(path: string, address: string): boolean {
  const wanted = path.split('/')
  const given = address.replace(/\/+$/, '').split('/')
  if (path === '/') return given.length <= 1
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith(':') || part === given[index])
}
