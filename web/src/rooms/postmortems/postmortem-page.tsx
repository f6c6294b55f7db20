// One postmortem: sections people write, factors, actions, and the frozen facts they rest on.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import { useCommands } from '../../parts/command-hooks.ts'
import { SkeletonRows } from '../../parts/empty.tsx'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { saveText } from '../../parts/save-text.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { type Postmortem, postmortems } from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'
import { TicketsOfActions } from '../../shell/tickets-of-actions.tsx'
import { ActionRow } from './action-row.tsx'
import { AddAction } from './add-action.tsx'
import { Excuse } from './excuse.tsx'
import { Factors } from './factors.tsx'
import { Facts } from './facts.tsx'
import { Move } from './move.tsx'
import { Review } from './review.tsx'
import { Sections } from './sections.tsx'
import { stateWord, steps } from './words.ts'
import './postmortems.css'

// Fetched when they are opened: the text itself is what most come for.
const Public = lazy(() => import('./public.tsx'))
const Versions = lazy(() => import('./versions.tsx'))

export default function PostmortemPage() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useQuery({
    queryKey: ['postmortems', 'one', id],
    queryFn: ({ signal }) => postmortems.read(id, signal),
    // The journal tells of writing once in a while only; who just reads sees it this much later.
    refetchInterval: ({ state }) => (state.data?.status === 'published' ? false : 15_000),
  })
  if (query.data !== undefined) return <Page key={id} postmortem={query.data} />
  return (
    <>
      <PageHead title="Postmortem" crumb={{ title: 'Postmortems', href: '/postmortems' }} />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
    </>
  )
}

function Page({ postmortem }: { postmortem: Postmortem }) {
  const may = useMay('responder')
  const [old, setOld] = useState(false)
  const [outside, setOutside] = useState(false)
  const [excusing, setExcusing] = useState(false)
  const [, navigate] = useLocation()
  const [to, setTo] = useState<Postmortem['status'] | null>(null)
  const take = useMutation({
    mutationFn: () => postmortems.export(postmortem.id),
    onSuccess: ({ markdown }) => saveText(`postmortem-${postmortem.number}.md`, markdown),
  })
  const [writing, write] = useUrlState('write', '')
  const writable = may && postmortem.status !== 'published'
  const [first] = postmortem.next
  useCommands([
    ...(may && first !== undefined
      ? [
          {
            id: 'postmortem.next',
            title: steps[postmortem.status][first] ?? first,
            group: 'Postmortem',
            keys: 'm',
            run: () => setTo(first),
          },
        ]
      : []),
    ...(writable && writing === ''
      ? [{ id: 'postmortem.write', title: 'Write', group: 'Postmortem', keys: 'e', run: () => write('summary') }]
      : []),
    { id: 'postmortem.versions', title: 'Earlier versions', group: 'Postmortem', keys: 'v', run: () => setOld(true) },
  ])
  return (
    <>
      <PageHead
        title={postmortem.title}
        crumb={{ title: 'Postmortems', href: '/postmortems' }}
        sentence={postmortem.because}
        facts={
          <>
            <StateMark
              tone={postmortem.overdue ? 'warning' : postmortem.status === 'published' ? 'ok' : 'info'}
              word={stateWord(postmortem)}
              strong
            />
            <Link href={`/incidents/${postmortem.incident.id}`}>INC-{postmortem.incident.number}</Link>
            <span>{postmortem.severity}</span>
            {postmortem.owner !== null && <PersonName name={postmortem.owner} />}
            {postmortem.publishedAt === null ? (
              <span>
                due <Time at={postmortem.dueAt} />
              </span>
            ) : (
              <span>
                published <Time at={postmortem.publishedAt} />
                {postmortem.approvedBy !== null && (
                  <>
                    , approved by <PersonName name={postmortem.approvedBy} />
                  </>
                )}
              </span>
            )}
          </>
        }
        actions={
          <>
            {may &&
              postmortem.next.map((each, index) => (
                <Button
                  key={each}
                  variant={index === 0 && each !== 'review' ? 'filled' : 'default'}
                  onClick={() => setTo(each)}
                  rightSection={index === 0 ? <kbd>m</kbd> : null}
                >
                  {steps[postmortem.status][each] ?? each}
                </Button>
              ))}
            <Button variant="default" onClick={() => setOld(true)} rightSection={<kbd>v</kbd>}>
              Versions
            </Button>
            <Button variant="default" loading={take.isPending} onClick={() => take.mutate()}>
              Export
            </Button>
            <Button variant="default" onClick={() => navigate(`/postmortems/${postmortem.id}/print`)}>
              Print
            </Button>
            <Button variant="default" onClick={() => setOutside(true)}>
              Public version
            </Button>
            {writable && (
              <Button variant="default" onClick={() => setExcusing(true)}>
                {postmortem.exception === null ? 'Not needed' : 'Needed after all'}
              </Button>
            )}
          </>
        }
      />
      <ProblemNote error={take.error} />
      {excusing && <Excuse postmortem={postmortem} onClose={() => setExcusing(false)} />}
      {postmortem.exception !== null && (
        <p>
          <PersonName name={postmortem.exception.by} /> said <Time at={postmortem.exception.at} /> that no postmortem is
          needed: {postmortem.exception.because}
        </p>
      )}
      <Suspense fallback={null}>
        {old && <Versions postmortem={postmortem} may={writable} onClose={() => setOld(false)} />}
        {outside && <Public postmortem={postmortem} may={may} onClose={() => setOutside(false)} />}
      </Suspense>
      {to !== null && <Move postmortem={postmortem} to={to} onClose={() => setTo(null)} />}
      <div className="columns">
        <div>
          <Sections postmortem={postmortem} may={writable} writing={writing} onWrite={write} />
          <Factors postmortem={postmortem} may={writable} />
          <Section title="Corrective actions">
            <TicketsOfActions actions={postmortem.correctiveActions.map((each) => each.id)}>
              <ul className="rows stacks">
                {postmortem.correctiveActions.map((action) => (
                  <ActionRow key={action.id} action={action} />
                ))}
              </ul>
            </TicketsOfActions>
            {postmortem.correctiveActions.length === 0 && <p className="soft">None agreed yet.</p>}
            {may && <AddAction postmortem={postmortem.id} />}
          </Section>
        </div>
        <div>
          <Review postmortem={postmortem} may={writable} />
          <Facts postmortem={postmortem} may={writable} />
        </div>
      </div>
    </>
  )
}
