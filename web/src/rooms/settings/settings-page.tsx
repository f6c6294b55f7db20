// People, keys, sessions, where data comes from, and what this installation is.
import { lazy, Suspense } from 'react'
import { useLocation, useParams } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { About } from './about.tsx'
import { Keys } from './keys.tsx'
import { People } from './people.tsx'
import { Sessions } from './sessions.tsx'
import { SetAside } from './set-aside.tsx'
import './settings.css'

const Channels = lazy(() => import('./channels.tsx'))
const Reliability = lazy(() => import('./reliability.tsx'))
const Retention = lazy(() => import('./retention.tsx'))
const Sources = lazy(() => import('./sources.tsx'))
const Trackers = lazy(() => import('./trackers.tsx'))

const tabs = [
  'people',
  'keys',
  'sessions',
  'channels',
  'trackers',
  'sources',
  'work',
  'retention',
  'reliability',
  'about',
] as const
type Tab = (typeof tabs)[number]
const titles: Readonly<Record<Tab, string>> = {
  people: 'People',
  keys: 'API keys',
  sessions: 'My sessions',
  channels: 'Channels',
  trackers: 'Trackers',
  sources: 'Sources and probes',
  work: 'Set aside',
  retention: 'Retention',
  reliability: 'Reliability',
  about: 'About',
}

export default function SettingsPage() {
  const params = useParams<{ tab?: string }>()
  const [, navigate] = useLocation()
  const tab = tabs.find((each) => each === params.tab) ?? 'people'
  return (
    <>
      <PageHead title="Settings" tab={titles[tab]} />
      <div className="toolbar">
        <Choice
          label="Settings"
          value={tab}
          onChange={(next) => navigate(`/settings/${next}`)}
          options={tabs.map((value) => ({ value, title: titles[value] }))}
        />
      </div>
      {tab === 'people' && <People />}
      {tab === 'keys' && <Keys />}
      {tab === 'sessions' && <Sessions />}
      {tab === 'channels' && (
        <Suspense fallback={<SkeletonRows rows={4} />}>
          <Channels />
        </Suspense>
      )}
      {tab === 'trackers' && (
        <Suspense fallback={<SkeletonRows rows={4} />}>
          <Trackers />
        </Suspense>
      )}
      {tab === 'sources' && (
        <Suspense fallback={<SkeletonRows rows={4} />}>
          <Sources />
        </Suspense>
      )}
      {tab === 'work' && <SetAside />}
      {tab === 'retention' && (
        <Suspense fallback={<SkeletonRows rows={6} height={52} />}>
          <Retention />
        </Suspense>
      )}
      {tab === 'reliability' && (
        <Suspense fallback={<SkeletonRows rows={5} height={88} />}>
          <Reliability />
        </Suspense>
      )}
      {tab === 'about' && <About />}
    </>
  )
}
