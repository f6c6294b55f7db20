// Addresses and the lazily loaded room behind each.
import { type ComponentType, lazy } from 'react'

interface RouteEntry {
  readonly path: string
  readonly page: ComponentType
}

export const routes: readonly RouteEntry[] = [
  { path: '/', page: lazy(() => import('../rooms/overview/overview-page.tsx')) },
  { path: '/services', page: lazy(() => import('../rooms/services/services-page.tsx')) },
  { path: '/services/:name', page: lazy(() => import('../rooms/services/service-page.tsx')) },
  { path: '/objectives', page: lazy(() => import('../rooms/objectives/objectives-page.tsx')) },
  { path: '/objectives/:name', page: lazy(() => import('../rooms/objectives/objective-page.tsx')) },
  { path: '/alerts', page: lazy(() => import('../rooms/alerts/alerts-page.tsx')) },
  { path: '/alerts/:id', page: lazy(() => import('../rooms/alerts/alert-page.tsx')) },
  { path: '/incidents', page: lazy(() => import('../rooms/incidents/incidents-page.tsx')) },
  { path: '/incidents/:id', page: lazy(() => import('../rooms/incidents/incident-page.tsx')) },
  { path: '/oncall', page: lazy(() => import('../rooms/oncall/oncall-page.tsx')) },
  { path: '/apply', page: lazy(() => import('../rooms/apply/apply-page.tsx')) },
  { path: '/journal', page: lazy(() => import('../rooms/journal/journal-page.tsx')) },
  { path: '/settings', page: lazy(() => import('../rooms/settings/settings-page.tsx')) },
  { path: '/settings/:tab', page: lazy(() => import('../rooms/settings/settings-page.tsx')) },
  { path: '/demo', page: lazy(() => import('../rooms/demo/demo-page.tsx')) },
]

export const SignInPage = lazy(() => import('../rooms/entry/sign-in-page.tsx'))
export const SetupPage = lazy(() => import('../rooms/entry/setup-page.tsx'))
