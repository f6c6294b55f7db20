// What came to the addresses that need no source, by an API key or an unknown routing key, and was not understood.
import { useQuery } from '@tanstack/react-query'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { intake } from '../../shell/api.ts'
import { readable } from './intake-words.ts'
import './intake.css'

const shown = 20

export function Unclaimed() {
  const query = useQuery({ queryKey: ['intake', 'unclaimed'], queryFn: ({ signal }) => intake.unclaimed(signal) })
  if (query.error !== null) return <ProblemNote error={query.error} retry={() => void query.refetch()} />
  if (query.data === undefined || query.data.items.length === 0) return null
  return (
    <Section title="Without a source" aside={<span className="soft">by an API key or an unknown routing key</span>}>
      {query.data.items.slice(0, shown).map((each) => (
        <div key={each.id} className="orphan">
          <p>
            <strong>{each.because}</strong>{' '}
            <span className="soft">
              {each.source} · <Time at={each.receivedAt} />
            </span>
          </p>
          <details>
            <summary>The payload</summary>
            {/* Scrolled by keyboard too. */}
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
            <pre className="payload" tabIndex={0}>
              {readable(each.body)}
            </pre>
          </details>
        </div>
      ))}
      {query.data.items.length > shown && <p className="soft">The newest {shown} are shown.</p>}
    </Section>
  )
}
