// "If this alert came on Sunday at 03:00": where it would go, why, and who would be paged, by the code that pages.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { InputField } from '../../parts/field.tsx'
import { FirstFew } from '../../parts/first-few.tsx'
import { formatInZone, validZone, zoneName } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { usePeople } from '../../shell/directory.ts'
import { type Explanation, routing } from '../../shell/maintenance-api.ts'
import { readable } from './alert-detail.tsx'
import { readLabelLines } from './label-lines.ts'

const usual = 'service=\nseverity=critical'

export function RouteTester() {
  const [text, setText] = useState(usual)
  const [wall, setWall] = useState('')
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  const typed = readLabelLines(text)
  const run = useMutation({
    mutationFn: () =>
      routing.explain({
        labels: typed.ok ? typed.labels : {},
        ...(wall === '' ? {} : { wall: wall.replace('T', ' ').slice(0, 16), timeZone: zone }),
      }),
  })
  return (
    <Section title="If this alert came">
      <form
        className="tester"
        onSubmit={(event) => {
          event.preventDefault()
          run.mutate()
        }}
      >
        <label className="field">
          <span>Its labels, one a line</span>
          <textarea
            className="plain-select mono"
            rows={4}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            required
          />
        </label>
        <div>
          <InputField
            title="At (empty is now)"
            type="datetime-local"
            value={wall}
            onChange={(event) => setWall(event.currentTarget.value)}
          />
          <InputField
            title="On the clocks of"
            value={zone}
            maxLength={60}
            required
            onChange={(event) => setZone(event.currentTarget.value)}
          />
        </div>
        {!typed.ok && <p className="soft whole">Line {typed.line} is no label. Write name=value.</p>}
        <div className="whole">
          <Button type="submit" loading={run.isPending} disabled={!typed.ok}>
            What would happen?
          </Button>
        </div>
      </form>
      <ProblemNote error={run.error} retry={() => run.mutate()} />
      <div aria-live="polite">{run.data !== undefined && <Outcome of={run.data} zone={zone} />}</div>
    </Section>
  )
}

const exact = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const

function Outcome({ of, zone: given }: { of: Explanation; zone: string }) {
  const people = usePeople()
  const zone = validZone(given) ?? 'UTC'
  const when = (at: string) => formatInZone(Date.parse(at), exact, zone)
  return (
    <>
      <p>
        <StateMark tone={of.told ? 'ok' : 'silenced'} word={of.sentence} strong />
      </p>
      <p className="soft">
        {when(of.at)} in {zoneName(zone)}
        {of.receivers.length > 0 && `; receivers ${of.receivers.join(', ')}`}
      </p>
      <ol className="trace">
        {of.trace.map((step) => (
          <li key={`${step.rule} ${step.verdict} ${step.because}`}>
            <span className="trace-rule">{step.rule}</span>
            <span className="trace-verdict">{readable(step.verdict)}</span>
            <span className="trace-because">{step.because}</span>
          </li>
        ))}
      </ol>
      {of.paged !== null && (
        <Section title="Paged, when nobody answers" aside={`${of.paged.policy}: ${of.paged.because}`}>
          {of.paged.pages.length === 0 && <StateMark tone="critical" word="Nobody would be paged" strong />}
          <FirstFew rows={of.paged.pages} most={10} of="messages">
            {(shown) => (
              <ol className="rows">
                {shown.map((each) => (
                  <li key={`${each.at} ${each.person} ${each.channel} ${each.because}`}>
                    <span className="grow">
                      <strong>{people.get(each.person)?.title ?? each.person}</strong>{' '}
                      <span className="soft">
                        by {each.channel}, {each.level === null ? 'fallback' : `level ${each.level}`}
                      </span>
                      <span className="soft page-because">{each.because}</span>
                    </span>
                    <span className="soft">{when(each.at)}</span>
                  </li>
                ))}
              </ol>
            )}
          </FirstFew>
        </Section>
      )}
    </>
  )
}
