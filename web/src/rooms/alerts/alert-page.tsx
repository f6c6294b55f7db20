// One alert as a page: what a link in a mail or on a phone opens.
import { useQuery } from '@tanstack/react-query'
import { ByNumber, type Numbered } from '../../parts/by-number.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { Drawer } from '../../parts/drawer.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { Yaml } from '../../parts/yaml.tsx'
import { type AlertDetail, alerts, changes } from '../../shell/api.ts'
import { alertLook, alertName } from '../../shell/words.ts'
import { AlertFacts, Labels, Pages, Trace } from './alert-detail.tsx'
import { PolicyEdited } from './policy-edited.tsx'
import { useAlertActions } from './use-alert-actions.tsx'
import './alerts.css'

const none: readonly AlertDetail[] = []
// A change that broke something usually came shortly before.
const changesBeforeMs = 2 * 3_600_000

const numbered: Numbered = {
  title: 'Alert',
  crumb: { title: 'Alerts', href: '/alerts' },
  find: async (number, signal) => (await alerts.list({ number, limit: 1 }, signal)).items[0]?.id ?? null,
}

export default function AlertPage() {
  return <ByNumber numbered={numbered}>{(id) => <OneAlert id={id} />}</ByNumber>
}

function OneAlert({ id }: { id: string }) {
  const query = useQuery({ queryKey: ['alerts', 'one', id], queryFn: ({ signal }) => alerts.read(id, signal) })
  const alert = query.data
  const actions = useAlertActions(alert === undefined ? none : [alert])
  const [panel, setPanel] = useUrlState('yaml', '')
  useCommands([
    {
      id: 'page.yaml',
      title: 'Show everything known of it',
      group: 'This page',
      keys: 'y',
      run: () => setPanel(panel === '' ? '1' : ''),
    },
  ])
  if (alert === undefined) {
    return (
      <>
        <PageHead title={numbered.title} crumb={numbered.crumb} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} />}
      </>
    )
  }
  const look = alertLook(alert)
  const summary = alert.annotations.summary ?? alert.annotations.description
  return (
    <>
      <PageHead
        title={alert.title}
        tab={`${alertName(alert)} ${alert.title}`}
        crumb={{ title: 'Alerts', href: '/alerts' }}
        {...(summary === undefined ? {} : { sentence: summary })}
        facts={
          <>
            <StateMark tone={look.tone} word={look.word} strong />
            <span>{alertName(alert)}</span>
            <span>{alert.urgency === 'high' ? 'wakes people' : 'can wait for the day'}</span>
          </>
        }
        actions={actions.buttons}
      />
      {actions.problem}
      <PolicyEdited alert={alert} />
      <div className="columns">
        <div>
          <Section title="State">
            <AlertFacts alert={alert} />
          </Section>
          <Trace steps={alert.trace} />
        </div>
        <div>
          <ChangesBefore alert={alert} />
          <Pages pages={alert.pages} />
          <Labels alert={alert} />
        </div>
      </div>
      {panel !== '' && (
        <Drawer title="Everything known of it" onClose={() => setPanel('')}>
          <Yaml value={alert} />
        </Drawer>
      )}
    </>
  )
}

function ChangesBefore({ alert }: { alert: AlertDetail }) {
  const started = Date.parse(alert.startedAt)
  const query = useQuery({
    queryKey: ['changes', 'before', alert.id],
    queryFn: ({ signal }) =>
      changes.list(
        {
          service: alert.service,
          from: new Date(started - changesBeforeMs).toISOString(),
          to: new Date(started + 60_000).toISOString(),
          limit: 20,
        },
        signal,
      ),
    enabled: alert.service !== null,
  })
  if (alert.service === null) return null
  return (
    <Section title="What changed before">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.data?.items.length === 0 && <p className="soft">Nothing of {alert.service} in the two hours before.</p>}
      <ul className="rows">
        {query.data?.items.map((change) => (
          <li key={change.id}>
            <span className="grow">
              {change.link === null ? change.summary : <a href={change.link}>{change.summary}</a>}
            </span>
            <span className="soft">
              <Time at={change.at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
