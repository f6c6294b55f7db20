// A line beside what was signed: more or less, for one person and kind of hour, with its reason.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { usePeople } from '../../shell/directory.ts'
import { type PayStatement, pay, type TimeClass } from '../../shell/oncall-api.ts'
import { say } from '../../shell/undo.tsx'
import { classes, classTitles, readHours } from './pay-words.ts'

export function CorrectPay({
  id,
  found,
  onDone,
}: {
  id: string
  found: PayStatement
  onDone: (next: PayStatement) => void
}) {
  const people = usePeople()
  const [person, setPerson] = useState(found.people[0]?.person ?? '')
  const [name, setName] = useState<TimeClass>('weekday')
  const [standby, setStandby] = useState('')
  const [awake, setAwake] = useState('')
  const [reason, setReason] = useState('')
  const [standbyMs, awakeMs] = [hoursOf(standby), hoursOf(awake)]
  const sound = standbyMs !== null && awakeMs !== null && (standbyMs !== 0 || awakeMs !== 0) && reason.trim() !== ''
  const correct = useMutation({
    mutationFn: () =>
      pay.correct(id, {
        person: person !== '' ? person : ([...people.keys()][0] ?? ''),
        class: name,
        standbyMs: standbyMs ?? 0,
        awakeMs: awakeMs ?? 0,
        reason: reason.trim(),
      }),
    onSuccess: (next) => {
      for (const clear of [setStandby, setAwake, setReason]) clear('')
      onDone(next)
      say({ sentence: 'The correction stands beside what was signed.', undo: null })
    },
  })
  return (
    <Section title="Correct" aside="What was signed stays; this adds a line">
      <form
        className="form-row"
        onSubmit={(event) => {
          event.preventDefault()
          correct.mutate()
        }}
      >
        <label className="field">
          <span>Person</span>
          <select className="plain-select" value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
            {[...people].map(([each, known]) => (
              <option key={each} value={each}>
                {known.title}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>Kind of hour</span>
          <select
            className="plain-select"
            value={name}
            onChange={(event) => setName(classes.find((each) => each === event.currentTarget.value) ?? 'weekday')}
          >
            {classes.map((each) => (
              <option key={each} value={each}>
                {classTitles[each]}
              </option>
            ))}
          </select>
        </label>
        <HoursField title="Hours on call" value={standby} onChange={setStandby} />
        <HoursField title="Hours called out" value={awake} onChange={setAwake} />
        <label className="field">
          <span>Why</span>
          <input
            className="plain-select"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            required
          />
        </label>
        <Button type="submit" variant="default" loading={correct.isPending} disabled={!sound}>
          Add the line
        </Button>
      </form>
      <ProblemNote error={correct.error} />
    </Section>
  )
}

const hoursOf = (text: string): number | null => (text.trim() === '' ? 0 : readHours(text))

function HoursField({ title, value, onChange }: { title: string; value: string; onChange: (text: string) => void }) {
  return (
    <label className="field">
      <span>{title}</span>
      <input
        className="plain-select"
        inputMode="text"
        placeholder="1.5, or -0:30"
        aria-invalid={hoursOf(value) === null}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  )
}
