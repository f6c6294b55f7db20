// What can be put where the caret stands: a block that is drawn from the facts, or the sign of an entry of the timeline.
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../../../parts/dialog.tsx'
import { FirstFew } from '../../../parts/first-few.tsx'
import { clockText, localTimes } from '../../../parts/format.ts'
import { useNow } from '../../../parts/now.ts'
import type { Postmortem } from '../../../shell/response-api.ts'

const blocks = [
  { value: '/timeline', title: 'Timeline' },
  { value: '/impact', title: 'Impact' },
  { value: '/budget', title: 'Budgets' },
  { value: '/graph', title: 'Pinned graphs' },
  { value: '/actions', title: 'Actions' },
] as const

export function Insert({
  postmortem,
  title,
  onInsert,
}: {
  postmortem: Postmortem
  title: string
  onInsert: (text: string) => void
}) {
  const [citing, setCiting] = useState(false)
  const canCite = postmortem.facts.timeline.some((each) => each.id !== undefined)
  const cite = (entry: number) => {
    setCiting(false)
    // The dialog first gives the focus back to its button.
    requestAnimationFrame(() => onInsert(`[^${entry}]`))
  }
  return (
    <>
      <select
        className="plain-select"
        aria-label={`Insert a live block into ${title}`}
        value=""
        onChange={({ currentTarget }) => {
          if (currentTarget.value !== '') onInsert(`\n${currentTarget.value}\n`)
        }}
      >
        <option value="">Insert…</option>
        {blocks.map((each) => (
          <option key={each.value} value={each.value}>
            {each.title} ({each.value})
          </option>
        ))}
      </select>
      {canCite && (
        <button type="button" className="link-button" onClick={() => setCiting(true)}>
          Cite…<span className="sr-only"> an entry of the timeline in {title}</span>
        </button>
      )}
      {citing && <Cite postmortem={postmortem} onCite={cite} onClose={() => setCiting(false)} />}
    </>
  )
}

function Cite({
  postmortem,
  onCite,
  onClose,
}: {
  postmortem: Postmortem
  onCite: (entry: number) => void
  onClose: () => void
}) {
  const [sought, setSought] = useState('')
  const now = useNow()
  const words = sought.toLowerCase().split(/\s+/)
  const found = postmortem.facts.timeline.flatMap(({ id, at, sentence }) => {
    const [time, text] = [clockText(Date.parse(at), now), localTimes(sentence, now)]
    const line = `${time} ${text}`.toLowerCase()
    return id !== undefined && words.every((word) => line.includes(word)) ? [{ id, time, text }] : []
  })
  return (
    <Dialog title="Cite an entry of the timeline" wide onClose={onClose}>
      <TextInput
        label="Words of the entry, or its time"
        data-autofocus
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      <FirstFew key={sought} rows={found} most={50} of="entries">
        {(rows) => (
          <ul className="rows">
            {rows.map(({ id, time, text }) => (
              <li key={id}>
                <button type="button" className="link-button grow" onClick={() => onCite(id)}>
                  <span className="soft">{time}</span> {text}
                </button>
              </li>
            ))}
          </ul>
        )}
      </FirstFew>
      {found.length === 0 && <p className="soft">No entry says that.</p>}
      {postmortem.facts.timelineCut && (
        <p className="soft">Only the first 1,000 entries can be cited; the journal has the rest.</p>
      )}
    </Dialog>
  )
}
