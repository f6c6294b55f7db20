// For each urgency: which contact, after how long. Saved as a whole.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { durationText } from '../../parts/format.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { type Contact, type NotificationRules, notifications } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'

type Step = NotificationRules['high'][number]

const delays = [0, 60_000, 180_000, 300_000, 600_000, 900_000, 1_800_000] as const
const delayWords = (ms: number) => (ms === 0 ? 'at once' : `after ${durationText(ms)}`)

export function PagingRules({ contacts, rules }: { contacts: readonly Contact[]; rules: NotificationRules }) {
  const [draft, setDraft] = useState<NotificationRules>(rules)
  const save = useMutation({
    mutationFn: () => notifications.replaceRules(draft),
    onSuccess: () => {
      say({ sentence: 'Your rules are saved.', undo: null })
      return queries.invalidateQueries({ queryKey: ['contacts'] })
    },
  })
  return (
    <>
      <Steps
        title="High urgency: wake me"
        steps={draft.high}
        contacts={contacts}
        onChange={(high) => setDraft({ ...draft, high })}
      />
      <Steps
        title="Low urgency: can wait"
        steps={draft.low}
        contacts={contacts}
        onChange={(low) => setDraft({ ...draft, low })}
      />
      <Button variant="default" disabled={draft === rules} loading={save.isPending} onClick={() => save.mutate()}>
        Save the rules
      </Button>
      <ProblemNote error={save.error} retry={() => save.mutate()} />
    </>
  )
}

function Steps({
  title,
  steps,
  contacts,
  onChange,
}: {
  title: string
  steps: readonly Step[]
  contacts: readonly Contact[]
  onChange: (steps: readonly Step[]) => void
}) {
  const change = (index: number, patch: Partial<Step>) =>
    onChange(steps.map((step, at) => (at === index ? { ...step, ...patch } : step)))
  const first = contacts[0]
  return (
    <div className="rule-group">
      <h3>{title}</h3>
      <ul className="rows">
        {steps.map((step, index) => (
          // Steps have no name but their place in the draft.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index}>
            <select
              className="plain-select grow"
              aria-label="Contact"
              value={step.contact}
              onChange={(event) => change(index, { contact: event.currentTarget.value })}
            >
              {contacts.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.label}
                </option>
              ))}
            </select>
            <select
              className="plain-select"
              aria-label="When"
              value={step.delayMs}
              onChange={(event) => change(index, { delayMs: Number(event.currentTarget.value) })}
            >
              {[...new Set([...delays, step.delayMs])].map((ms) => (
                <option key={ms} value={ms}>
                  {delayWords(ms)}
                </option>
              ))}
            </select>
            <button
              type="button"
              className="link-button"
              onClick={() => onChange(steps.filter((_, at) => at !== index))}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      {steps.length === 0 && <p className="soft">No step: every verified contact at once.</p>}
      {first !== undefined && (
        <button
          type="button"
          className="link-button"
          onClick={() => onChange([...steps, { contact: first.id, delayMs: 0 }])}
        >
          Add a step
        </button>
      )}
    </div>
  )
}
