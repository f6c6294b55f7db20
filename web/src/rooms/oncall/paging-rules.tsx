// For each urgency: which contact, after how long. Saved as a whole.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { durationText } from '../../parts/format.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { type Contact, type NotificationRule, notifications } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'

const delays = [0, 60_000, 180_000, 300_000, 600_000, 900_000, 1_800_000] as const
const delayWords = (ms: number) => (ms === 0 ? 'at once' : `after ${durationText(ms)}`)

export function PagingRules({ contacts, rules }: { contacts: readonly Contact[]; rules: readonly NotificationRule[] }) {
  const [draft, setDraft] = useState<readonly NotificationRule[]>(rules)
  const save = useMutation({
    mutationFn: () => notifications.replaceRules(draft),
    onSuccess: () => {
      say({ sentence: 'Your rules are saved.', undo: null })
      return queries.invalidateQueries({ queryKey: ['contacts'] })
    },
  })
  const change = (index: number, patch: Partial<NotificationRule>) =>
    setDraft(draft.map((rule, at) => (at === index ? { ...rule, ...patch } : rule)))
  const first = contacts[0]
  return (
    <>
      {(['high', 'low'] as const).map((urgency) => (
        <div key={urgency} className="rule-group">
          <h3>{urgency === 'high' ? 'High urgency: wake me' : 'Low urgency: can wait'}</h3>
          <ul className="rows">
            {draft.map((rule, index) =>
              rule.urgency !== urgency ? null : (
                // Rules have no name but their place in the draft.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <li key={index}>
                  <select
                    className="plain-select grow"
                    aria-label="Contact"
                    value={rule.contact}
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
                    value={rule.delayMs}
                    onChange={(event) => change(index, { delayMs: Number(event.currentTarget.value) })}
                  >
                    {[...new Set([...delays, rule.delayMs])].map((ms) => (
                      <option key={ms} value={ms}>
                        {delayWords(ms)}
                      </option>
                    ))}
                  </select>
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => setDraft(draft.filter((_, at) => at !== index))}
                  >
                    Remove
                  </button>
                </li>
              ),
            )}
          </ul>
          {first !== undefined && (
            <button
              type="button"
              className="link-button"
              onClick={() => setDraft([...draft, { urgency, contact: first.id, delayMs: 0 }])}
            >
              Add a step
            </button>
          )}
        </div>
      ))}
      <Button variant="default" disabled={draft === rules} loading={save.isPending} onClick={() => save.mutate()}>
        Save the rules
      </Button>
      <ProblemNote error={save.error} retry={() => save.mutate()} />
    </>
  )
}
