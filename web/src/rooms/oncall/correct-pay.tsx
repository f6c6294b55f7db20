// A line beside what was signed: more or less, for one person and kind of hour, with its reason.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { InputField, SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { usePeople } from '../../shell/directory.ts'
import { type PayStatement, pay, type TimeClass } from '../../shell/oncall-api.ts'
import { say } from '../../shell/undo.tsx'
import { classes, classTitles, correctable, readHours } from './pay-words.ts'

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
  const [person, setPerson] = useState('')
  const [name, setName] = useState<TimeClass>('weekday')
  const [standby, setStandby] = useState('')
  const [awake, setAwake] = useState('')
  const [reason, setReason] = useState('')
  const [standbyMs, awakeMs] = [hoursOf(standby), hoursOf(awake)]
  const sound =
    person !== '' &&
    standbyMs !== null &&
    awakeMs !== null &&
    (standbyMs !== 0 || awakeMs !== 0) &&
    reason.trim() !== ''
  const correct = useMutation({
    mutationFn: () =>
      pay.correct(id, {
        person,
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
        <SelectField title="Person" value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
          <option value="" disabled>
            Choose
          </option>
          {correctable(found.people, people).map((each) => (
            <option key={each.name} value={each.name}>
              {each.title}
            </option>
          ))}
        </SelectField>
        <SelectField
          title="Kind of hour"
          value={name}
          onChange={(event) => setName(classes.find((each) => each === event.currentTarget.value) ?? 'weekday')}
        >
          {classes.map((each) => (
            <option key={each} value={each}>
              {classTitles[each]}
            </option>
          ))}
        </SelectField>
        <HoursField title="Hours on call" value={standby} onChange={setStandby} />
        <HoursField title="Hours called out" value={awake} onChange={setAwake} />
        <InputField
          title="Why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          required
        />
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
    <InputField
      title={title}
      inputMode="text"
      placeholder="1.5, or -0:30"
      aria-invalid={hoursOf(value) === null}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
