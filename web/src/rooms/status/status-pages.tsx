// All status pages, or one: how it stands, what is published, and saying something new.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type StatusPageView, type StatusPost, status } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { useCustomers } from '../../shell/status-customers.ts'
import { Customers } from './customers.tsx'
import { OwnHost } from './own-host.tsx'
import { Pictures } from './pictures.tsx'
import { NewPost, UpdatePost } from './post-form.tsx'
import { impactTones, impactWords, stateWords } from './status-words.ts'
import { Subscribers } from './subscribers.tsx'
import './status.css'

export default function StatusPages() {
  const { name } = useParams<{ name?: string }>()
  const pages = useQuery({ queryKey: ['status'], queryFn: ({ signal }) => status.list(signal) })
  const page = name === undefined ? undefined : pages.data?.items.find((each) => each.name === name)
  if (page !== undefined) return <OnePage page={page} />
  return (
    <>
      <PageHead title="Status pages" sentence="What customers and colleagues are told." />
      <ProblemNote error={pages.error} retry={() => void pages.refetch()} />
      {pages.isPending && <SkeletonRows rows={3} height={56} />}
      {name !== undefined && pages.data !== undefined && (
        <Empty title={`There is no status page "${name}".`}>It may have been deleted.</Empty>
      )}
      {pages.data?.items.length === 0 && (
        <Empty title="No status page is declared yet." command="mainstay apply -f status-page.yaml">
          Declare a StatusPage with its components and the services behind them.
        </Empty>
      )}
      <ul className="rows">
        {pages.data?.items.map((each) => (
          <li key={each.name}>
            <span className="grow">
              <Link href={`/status-pages/${each.name}`}>
                <strong>{each.title}</strong>
              </Link>
              <br />
              <span className="soft">
                {each.visibility}, {each.components.length} {each.components.length === 1 ? 'component' : 'components'},{' '}
                {each.subscribers.confirmed} {each.subscribers.confirmed === 1 ? 'subscriber' : 'subscribers'}
              </span>
            </span>
            <StateMark tone={impactTones[each.state]} word={each.sentence} />
          </li>
        ))}
      </ul>
    </>
  )
}

function OnePage({ page }: { page: StatusPageView }) {
  // Who reads only would be refused the list of addresses, and the buttons.
  const may = useMay('editor')
  const mayTell = useMay('responder')
  const customers = useCustomers(page.name).data?.items ?? []
  const open = inOrder([...page.open, ...customers.flatMap((each) => each.open)])
  const past = inOrder([...page.past, ...customers.flatMap((each) => each.past)])
  const [month, setMonth] = useUrlState('month', '')
  const [form, setForm] = useUrlState<'' | 'incident' | 'maintenance'>('publish', '')
  return (
    <>
      <PageHead
        title={page.title}
        crumb={{ title: 'Status pages', href: '/status-pages' }}
        facts={
          <>
            <StateMark tone={impactTones[page.state]} word={page.sentence} />
            <span className="soft">
              {page.visibility}, {page.subscribers.confirmed} subscribed
              {page.subscribers.waiting > 0 && `, ${page.subscribers.waiting} not confirmed`}
              {page.subscribers.paused > 0 && `, ${page.subscribers.paused} paused`}
            </span>
            <a href={page.url} target="_blank" rel="noreferrer">
              See it as customers do
            </a>
          </>
        }
        actions={
          <>
            <Button onClick={() => setForm('incident')}>Publish an incident</Button>
            <Button variant="default" onClick={() => setForm('maintenance')}>
              Plan maintenance
            </Button>
          </>
        }
      />
      {form !== '' && (
        <Section title={form === 'incident' ? 'Publish an incident' : 'Plan maintenance'}>
          <NewPost key={form} page={page} kind={form} onDone={() => setForm('')} />
        </Section>
      )}
      <Section title="Going on">
        {open.length === 0 && <p className="soft">Nothing is published at the moment.</p>}
        {open.map((post) => (
          <Post key={post.id} page={page} post={post} />
        ))}
      </Section>
      <Section title="Components">
        <ul className="rows">
          {page.components.map((component) => (
            <li key={component.name}>
              <span className="grow">
                <strong>{component.title}</strong>{' '}
                <span className="soft">
                  {component.services.map((each, index) => (
                    <span key={each}>
                      {index > 0 && ', '}
                      <Link href={`/services/${each}`}>{each}</Link>
                    </span>
                  ))}
                </span>
                <br />
                <span className="soft">
                  {component.objective === null ? 'No objective: no uptime is shown' : component.uptime.sentence}
                </span>
              </span>
              <StateMark tone={impactTones[component.state]} word={impactWords[component.state]} />
            </li>
          ))}
        </ul>
      </Section>
      {mayTell && (
        <Section title="Customers">
          <Customers page={page} />
        </Section>
      )}
      {may && (
        <>
          <Section title="Subscribers">
            <Subscribers page={page} />
          </Section>
          {page.host !== null && (
            <Section title="Its own address">
              <OwnHost page={page} host={page.host} />
            </Section>
          )}
          <Section title="Logo">
            <Pictures page={page} />
          </Section>
        </>
      )}
      <Section title="Before">
        {month === '' && past.length === 0 && <p className="soft">Nothing ended in the last 90 days.</p>}
        {month === '' && past.map((post) => <Post key={post.id} page={page} post={post} />)}
        <Months page={page} month={month} onMonth={setMonth} />
      </Section>
    </>
  )
}

/** Newest first, whoever it is for. */
const inOrder = (posts: readonly StatusPost[]): readonly StatusPost[] =>
  [...posts].sort((a, b) => b.openedAt.localeCompare(a.openedAt))

/** Month by month, as far back as there is anything. */
function Months({ page, month, onMonth }: { page: StatusPageView; month: string; onMonth: (month: string) => void }) {
  const query = useQuery({
    queryKey: ['status', 'history', page.name, month],
    queryFn: ({ signal }) => status.history(page.name, month, signal),
    enabled: month !== '',
  })
  const { data } = query
  if (month === '')
    return (
      <Button variant="default" onClick={() => onMonth(page.asOf.slice(0, 7))}>
        By month
      </Button>
    )
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} height={56} />}
      <h3>{month}</h3>
      {data?.posts.length === 0 && <p className="soft">Nothing began in this month.</p>}
      {data?.posts.map((post) => (
        <Post key={post.id} page={page} post={post} />
      ))}
      <div className="form-row">
        {data !== undefined && data.newer !== null && (
          <Button variant="default" onClick={() => onMonth(data.newer ?? '')}>
            Newer: {data.newer}
          </Button>
        )}
        {data !== undefined && data.older !== null && (
          <Button variant="default" onClick={() => onMonth(data.older ?? '')}>
            Older: {data.older}
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={() => onMonth('')}>
          The last 90 days
        </Button>
      </div>
    </>
  )
}

function ForCustomer({ page, name }: { page: StatusPageView; name: string }) {
  const found = useCustomers(page.name).data?.items.find((each) => each.name === name)
  return <StateMark tone="info" word={`For ${found?.title ?? name} alone`} />
}

function Post({ page, post }: { page: StatusPageView; post: StatusPost }) {
  const [updating, setUpdating] = useUrlState<string>('update', '')
  return (
    <article className="status-post">
      <div className="status-post-head">
        <h3>{post.title}</h3>
        {post.customer !== null && <ForCustomer page={page} name={post.customer} />}
        {post.incident !== null && <Link href={`/incidents/${post.incident}`}>The incident</Link>}
        {post.closedAt === null && updating !== post.id && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setUpdating(post.id)}
            aria-label={`Update: ${post.title}`}
          >
            Update
          </Button>
        )}
      </div>
      {post.startsAt !== null && post.endsAt !== null && (
        <p className="soft">
          <Time at={post.startsAt} /> to <Time at={post.endsAt} />
        </p>
      )}
      {updating === post.id && <UpdatePost page={page} post={post} onDone={() => setUpdating('')} />}
      <ol className="status-updates">
        {post.updates.map((each) => (
          <li key={each.id}>
            <strong>{stateWords[each.state]}</strong>{' '}
            <span className="soft">
              <Time at={each.at} />, {each.author}
            </span>
            <p>{each.body}</p>
          </li>
        ))}
      </ol>
    </article>
  )
}
