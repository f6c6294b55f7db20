// What another routing file would have decided of the alerts of the last 30 days.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { FirstFew } from '../../parts/first-few.tsx'
import { numberText, plural } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { type RoutingReplay, routing } from '../../shell/maintenance-api.ts'

export function ReplayForm() {
  const [text, setText] = useState('')
  const run = useMutation({ mutationFn: () => routing.replay({ text, days: 30 }) })
  return (
    <Section title="Try another file" aside="Against the alerts of the last 30 days">
      <form
        className="tester"
        onSubmit={(event) => {
          event.preventDefault()
          run.mutate()
        }}
      >
        <label className="field whole replay-file">
          <span>An alertmanager.yml as it might be</span>
          <textarea
            className="plain-select mono"
            rows={6}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            required
            maxLength={1_048_576}
          />
        </label>
        <div className="whole">
          <Button type="submit" loading={run.isPending} disabled={text.trim() === ''}>
            What would it have changed?
          </Button>
        </div>
      </form>
      <ProblemNote error={run.error} retry={() => run.mutate()} />
      <div aria-live="polite">{run.data !== undefined && <Found of={run.data} />}</div>
    </Section>
  )
}

type Fate = RoutingReplay['examples'][number]['before']

const fateOf = (of: Fate): string =>
  of.held !== null
    ? `held: ${of.held}`
    : of.telling.length === 0
      ? 'by the policy of its service'
      : of.telling.join(', ')

function Found({ of }: { of: RoutingReplay }) {
  return (
    <>
      <p className="replay-figures">
        <StateMark
          tone={of.newlyHeld > 0 ? 'warning' : 'ok'}
          word={`${plural(of.newlyHeld, 'alert')} would no longer be told`}
        />
        <span>{numberText(of.newlyTold)} would be told that were not</span>
        <span>{numberText(of.moved)} would go elsewhere</span>
        <span className="soft">
          of {plural(of.looked, 'alert')}
          {of.more && ', the newest of more'}: {numberText(of.toldBefore)} told as it is, {numberText(of.toldAfter)} by
          the other file
        </span>
      </p>
      {of.unreached > 0 && (
        <p>
          <StateMark tone="critical" word={`${plural(of.unreached, 'alert')} would reach nobody by either`} />
        </p>
      )}
      {of.notes.length > 0 && (
        <ul className="rows">
          {of.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Receivers of={of.receivers} />
      <FirstFew rows={of.examples} most={10} of="alerts">
        {(shown) => (
          <ul className="rows">
            {shown.map((each) => (
              <li key={each.id}>
                <span className="grow">
                  <Link href={`/alerts/${each.id}`}>
                    A-{each.number} {each.title}
                  </Link>
                  <span className="soft page-because">{each.severity}</span>
                </span>
                <span>
                  {fateOf(each.before)} → {fateOf(each.after)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </FirstFew>
    </>
  )
}

/** Each with what it tells of, which is not all that leads to it. */
function Receivers({ of }: { of: RoutingReplay['receivers'] }) {
  return (
    <FirstFew rows={of} most={10} of="receivers">
      {(shown) => (
        <ul className="rows">
          {shown.map((each) => (
            <li key={each.name}>
              <span className="grow">{each.name}</span>
              {each.before + each.after === 0 ? (
                <StateMark tone="silenced" word="tells nobody" />
              ) : (
                <span>
                  tells of {numberText(each.before)} → {numberText(each.after)}
                </span>
              )}
              <span className="soft">
                {numberText(each.routedBefore)} → {numberText(each.routedAfter)} lead to it
              </span>
            </li>
          ))}
        </ul>
      )}
    </FirstFew>
  )
}
