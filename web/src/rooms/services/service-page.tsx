// One service on one time axis: budget, alerts, incidents, changes; a window on it filters everything below.
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { SkeletonRows } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, objectives } from '../../shell/api.ts'
import { useDocumentDrawer } from '../../shell/document-drawer.tsx'
import { ServiceAxis } from './service-axis.tsx'
import { Dependencies, Objectives, WhoDoIWake } from './service-sections.tsx'
import { ServiceSignals } from './service-signals.tsx'
import { Unusual } from './unusual-section.tsx'
import './services.css'

export default function ServicePage() {
  const { name = '' } = useParams<{ name: string }>()
  const query = useQuery({
    queryKey: ['services', 'one', name],
    queryFn: ({ signal }) => catalog.service(name, signal),
  })
  const slos = useQuery({
    queryKey: ['objectives', 'list', { service: name }],
    queryFn: ({ signal }) => objectives.list({ service: name, limit: 100 }, signal),
  })
  const drawer = useDocumentDrawer('services', name)
  const service = query.data
  if (service === undefined) {
    return (
      <>
        <PageHead title={name} crumb={{ title: 'Services', href: '/services' }} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} />}
      </>
    )
  }
  return (
    <>
      <PageHead
        title={service.displayName}
        crumb={{ title: 'Services', href: '/services' }}
        sentence={service.description === '' ? undefined : service.description}
        facts={
          <>
            <span>
              <strong>Tier {service.tier}</strong>
            </span>
            <span>
              Team <strong>{service.team ?? 'nobody'}</strong>
            </span>
            <span>{service.lifecycle}</span>
            {service.environments.length > 0 && <span>{service.environments.join(', ')}</span>}
            {service.links.map((link) => (
              <a key={link.url} href={link.url} rel="noreferrer">
                {link.title}
              </a>
            ))}
          </>
        }
        actions={drawer.button}
      />
      {drawer.drawer}
      <ServiceAxis service={service.name} objectives={slos.data?.items ?? []} />
      <ServiceSignals service={service.name} />
      <div className="columns">
        <div>
          <Objectives items={slos.data?.items} error={slos.error} retry={() => void slos.refetch()} />
          <Unusual service={service.name} />
          <Dependencies service={service} />
        </div>
        <div>
          <WhoDoIWake service={service} />
        </div>
      </div>
    </>
  )
}
