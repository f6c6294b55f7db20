// The panel beside the inbox.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Drawer } from '../../parts/drawer.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { alerts } from '../../shell/api.ts'
import { alertLook, alertName } from '../../shell/words.ts'
import { AlertFacts, Labels, Pages, Trace } from './alert-detail.tsx'

export function AlertDrawer({ id, onClose, actions }: { id: string; onClose: () => void; actions: ReactNode }) {
  const query = useQuery({ queryKey: ['alerts', 'one', id], queryFn: ({ signal }) => alerts.read(id, signal) })
  const alert = query.data
  const look = alert === undefined ? null : alertLook(alert)
  return (
    <Drawer
      title={alert === undefined ? 'Alert' : `${alertName(alert)} ${alert.title}`}
      onClose={onClose}
      takeFocus={false}
      foot={actions ?? undefined}
    >
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {alert !== undefined && look !== null && (
        <>
          <div className="facts drawer-facts">
            <StateMark tone={look.tone} word={look.word} strong />
            <Link href={`/alerts/${alert.id}`}>Open as a page</Link>
          </div>
          <AlertFacts alert={alert} />
          <Trace steps={alert.trace} />
          <Pages pages={alert.pages} />
          <Labels alert={alert} />
        </>
      )}
    </Drawer>
  )
}
