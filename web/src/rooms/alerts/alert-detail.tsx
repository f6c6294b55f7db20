// Everything about one alert: why someone was paged, what was sent, what arrived. Shared by the panel and the page.
import { Link } from 'wouter'
import { FirstFew } from '../../parts/first-few.tsx'
import { numberText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { Pair } from '../../parts/pair.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { AlertDetail, PageSent, TraceStep } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { alertStatusWords } from '../../shell/words.ts'
import { linesFor } from './matcher-lines.ts'

export function AlertFacts({ alert }: { alert: AlertDetail }) {
  return (
    <dl className="pairs">
      <dt>Status</dt>
      <dd>
        <Standing alert={alert} />
      </dd>
      {alert.service !== null && (
        <>
          <dt>Service</dt>
          <dd>
            <Link href={`/services/${alert.service}`}>{alert.service}</Link>
            {alert.team !== null && <span className="soft">, team {alert.team}</span>}
          </dd>
        </>
      )}
      {alert.incident !== null && (
        <>
          <dt>Incident</dt>
          <dd>
            <Link href={`/incidents/${alert.incident.id}`}>Open the incident</Link>
          </dd>
        </>
      )}
      {alert.pausedUntil !== null && (
        <>
          <dt>Waits</dt>
          <dd>
            Nobody is told before <Time at={alert.pausedUntil} show="clock" />:{' '}
            {alert.trace.some((step) => step.rule === 'timers' && step.verdict === 'waits')
              ? 'its group is told then.'
              : 'it usually heals by itself.'}
          </dd>
        </>
      )}
      {alert.flapping && (
        <>
          <dt>Flapping</dt>
          <dd>It keeps beginning and ending; how often stands below.</dd>
        </>
      )}
      <Company alert={alert} />
      {alert.useful !== null && (
        <>
          <dt>Rated</dt>
          <dd>{alert.useful ? 'Worth it' : 'Noise'}</dd>
        </>
      )}
      <dt>Since</dt>
      <dd>
        <Time at={alert.startedAt} />
      </dd>
      <dt>Last seen</dt>
      <dd>
        <Time at={alert.lastSeenAt} />, {numberText(alert.count)} {alert.count === 1 ? 'signal' : 'signals'} from{' '}
        {alert.source}
      </dd>
      {alert.status !== 'resolved' && linesFor(alert.labels, alert.service) !== '' && (
        <>
          <dt>Not now?</dt>
          <dd>
            <Link href={`/silences?of=${encodeURIComponent(linesFor(alert.labels, alert.service))}`}>
              Silence alerts like this one
            </Link>
          </dd>
        </>
      )}
      {alert.links.length > 0 && (
        <>
          <dt>Links</dt>
          <dd className="link-list">
            {alert.links.map((link) => (
              <a key={link.url} href={link.url} rel="noreferrer">
                {link.title}
              </a>
            ))}
          </dd>
        </>
      )}
    </dl>
  )
}

/** Who took it is not who ended it: most alerts end by themselves. */
function Standing({ alert }: { alert: AlertDetail }) {
  const over = alert.status === 'resolved'
  const word = alertStatusWords[over ? 'acknowledged' : alert.status]
  return (
    <>
      {over && (
        <span className="company">
          {alertStatusWords.resolved}{' '}
          <span className="soft">
            <Time at={alert.resolvedAt} />
          </span>
        </span>
      )}
      {(!over || alert.acknowledgedBy !== null) && word}
      {alert.acknowledgedBy !== null && (
        <>
          {' '}
          by <PersonName name={alert.acknowledgedBy} />
        </>
      )}
      {alert.acknowledgedAt !== null && (
        <>
          {' '}
          <span className="soft">
            <Time at={alert.acknowledgedAt} />
          </span>
        </>
      )}
    </>
  )
}

/** What one page tells of together: whoever acknowledges one has all of them. */
function Company({ alert }: { alert: AlertDetail }) {
  if (alert.pagedTogether.length === 0) return null
  return (
    <>
      <dt>One page with</dt>
      <dd>
        <FirstFew rows={alert.pagedTogether} most={5} of="alerts">
          {(few) =>
            few.map((each) => (
              <span key={each.id} className="company">
                <Link href={`/alerts/${each.id}`}>
                  A-{each.number} {each.title}
                </Link>
              </span>
            ))
          }
        </FirstFew>
        {alert.status !== 'resolved' && <span className="soft">Acknowledging one acknowledges all of them.</span>}
      </dd>
    </>
  )
}

export function Trace({ steps }: { steps: readonly TraceStep[] }) {
  return (
    <Section title="Why this paged, step by step">
      {steps.length === 0 && <p className="soft">No rule has looked at it yet.</p>}
      <ol className="trace">
        {steps.map((step) => (
          <li key={`${step.at} ${step.rule} ${step.verdict}`}>
            <span className="trace-rule">{step.rule}</span>
            <span className="trace-verdict">{readable(step.verdict)}</span>
            <span className="trace-because">{step.because}</span>
            <span className="soft">
              <Time at={step.at} show="clock" />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}

function pageTone(state: string): Tone {
  if (/fail|undeliver|expired|gave/.test(state)) return 'critical'
  if (/deliver|sent|acknowledg|seen/.test(state)) return 'ok'
  if (/cancel|skip|suppress/.test(state)) return 'silenced'
  return 'info'
}

export function Pages({ pages }: { pages: readonly PageSent[] }) {
  return (
    <Section title="Pages sent">
      {pages.every((page) => page.person === null) && <p className="soft">Nobody was paged for it.</p>}
      <ul className="rows">
        {pages.map((page) => (
          <li key={`${page.at} ${page.person ?? page.webhook} ${page.channel}`}>
            <span className="grow">
              {page.person === null ? (
                <span className="long-name">Webhook {page.webhook}</span>
              ) : (
                <>
                  <PersonName name={page.person} /> <span className="soft">by {page.channel}</span>
                </>
              )}
              {page.because !== null && <span className="soft page-because">{page.because}</span>}
            </span>
            <StateMark tone={pageTone(page.state)} word={page.state} />
            <span className="soft">
              <Time at={page.at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function Labels({ alert }: { alert: AlertDetail }) {
  const rows = [...Object.entries(alert.annotations), ...Object.entries(alert.labels)]
  if (rows.length === 0) return null
  return (
    <Section title="Labels and annotations">
      <dl className="pairs mono">
        {rows.map(([name, value]) => (
          <Pair key={name} title={name}>
            {/^https?:\/\//.test(value) ? <a href={value}>{value}</a> : value}
          </Pair>
        ))}
      </dl>
    </Section>
  )
}

/** A key keeps its colons apart from its parts by percent signs; people read it without. */
export function readable(verdict: string): string {
  return verdict.replaceAll('%3A', ':').replaceAll('%25', '%')
}
