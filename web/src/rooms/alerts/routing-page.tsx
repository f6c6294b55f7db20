// Where alerts go: the routes of the file that decides with what each one has now, a tester for any alert at any time,
// and what another file would have decided of the last 30 days.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { durationText, numberText, plural } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { type RouteTree, routing } from '../../shell/maintenance-api.ts'
import { ReplayForm } from './replay-form.tsx'
import { RouteTester } from './route-tester.tsx'
import './alerts.css'
import './routing.css'

const timings: Readonly<Record<RouteTree['timing'], string>> = {
  'as-written': 'Pages keep to its timers',
  'no-interval': 'No first page waits a group_interval',
  'at-once': 'Nobody waits for its timers',
}

export default function RoutingPage() {
  const tree = useQuery({
    queryKey: ['routing', 'tree'],
    queryFn: ({ signal }) => routing.tree(signal),
  })
  const none = tree.data?.version === null
  return (
    <>
      <PageHead
        title="Routing"
        crumb={{ title: 'Alerts', href: '/alerts' }}
        sentence="Which alerts go where, who would be paged at any hour, and what a change would do."
      />
      <RouteTester />
      <Section
        title="Routes"
        {...(tree.data === undefined || none
          ? {}
          : {
              aside: `Version ${tree.data.version}. ${timings[tree.data.timing]}. ${plural(tree.data.looked, 'open alert')}`,
            })}
      >
        <ProblemNote error={tree.error} retry={() => void tree.refetch()} />
        {tree.isPending && <SkeletonRows rows={4} />}
        {none && (
          <Empty title="No routing file decides." command="mainstay route take alertmanager.yml">
            The escalation policy of each service says who is paged. An <code>alertmanager.yml</code> can be taken over
            with its routes, hours and inhibitions. <Link href="/oncall?view=simulate">Try an escalation policy</Link>
          </Empty>
        )}
        {tree.data !== undefined && !none && <Routes tree={tree.data} />}
      </Section>
      <ReplayForm />
    </>
  )
}

type Node = RouteTree['routes'][number]

function Routes({ tree }: { tree: RouteTree }) {
  return (
    <ol className="routes">
      {tree.routes.map((node, index) => (
        // Several routes may stand on one line of a file; their order is their identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={index} data-depth={Math.min(node.depth, 4)}>
          <Route node={node} />
        </li>
      ))}
    </ol>
  )
}

function Route({ node }: { node: Node }) {
  const hours = [
    ...(node.activeIn.length === 0 ? [] : [`only in ${node.activeIn.join(', ')}`]),
    ...(node.muteIn.length === 0 ? [] : [`not in ${node.muteIn.join(', ')}`]),
  ]
  const timers = `waits ${durationText(node.groupWaitMs)}, then every ${durationText(node.groupIntervalMs)}`
  return (
    <>
      <span className="route-what">
        <code>{node.matchers.length === 0 ? 'everything' : node.matchers.join(', ')}</code>
        {' → '}
        <strong>{node.receiver}</strong>
        <span className="soft page-because">
          line {node.line}
          {node.depth > 0 && `, level ${node.depth}`}
          {node.groupBy.length > 0 && `, by ${node.groupBy.join(', ')}`}; {timers}
          {node.continues && '; goes on'}
          {hours.length > 0 && `; ${hours.join(', ')}`}
        </span>
      </span>
      {!node.sends ? (
        <StateMark tone="unknown" word="tells nobody" />
      ) : node.closed === null ? (
        <StateMark tone="ok" word="tells now" />
      ) : (
        <StateMark tone="silenced" word={node.closed} />
      )}
      <span className="route-counts">
        <strong>{numberText(node.open)}</strong> open
        <span className="soft">
          , {numberText(node.held)} held, {plural(node.groups, 'group')}
        </span>
      </span>
    </>
  )
}
