// What people write of a problem: cause, workaround, plan, who and until when.
import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog } from '../../shell/api.ts'
import { learning, type ProblemRecord, problems, refreshLearning } from '../../shell/learning-api.ts'

const dayMs = 86_400_000
const longest = 4000

export function WriteProblem({ problem, onClose }: { problem: ProblemRecord; onClose: () => void }) {
  const [text, setText] = useState({
    title: problem.title,
    workaround: problem.workaround ?? '',
    cause: problem.cause ?? '',
    plan: problem.plan ?? '',
    owner: problem.owner ?? '',
    class: problem.class ?? '',
    due: problem.dueAt?.slice(0, 10) ?? '',
    days: String(Math.round(problem.windowMs / dayMs)),
  })
  const set = (part: Partial<typeof text>) => setText({ ...text, ...part })
  const people = useQuery({
    queryKey: ['resources', 'people'],
    queryFn: ({ signal }) => catalog.resources('people', signal),
  }).data
  const classes = useQuery({
    queryKey: ['learning', 'classes'],
    queryFn: ({ signal }) => learning.classes(signal),
  }).data
  const change = useMutation({
    mutationFn: () =>
      problems.change(problem.id, {
        title: text.title.trim(),
        workaround: orNull(text.workaround),
        cause: orNull(text.cause),
        plan: orNull(text.plan),
        owner: orNull(text.owner),
        class: orNull(text.class),
        dueAt: text.due === '' ? null : `${text.due}T16:00:00.000Z`,
        windowMs: Number(text.days) * dayMs,
      }),
    onSuccess: () => {
      onClose()
      return refreshLearning()
    },
  })
  const names = people?.items.map((each) => each.metadata.name) ?? []
  return (
    <Dialog title="Write the problem" onClose={onClose} wide>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <TextInput
          label="What is behind the incidents"
          required
          maxLength={200}
          value={text.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        {(
          [
            ['workaround', 'Workaround: what helps until it is gone'],
            ['cause', 'Cause, as far as it is known'],
            ['plan', 'Plan, beside the corrective actions'],
          ] as const
        ).map(([part, label]) => (
          <Textarea
            key={part}
            label={label}
            rows={3}
            maxLength={longest}
            value={text[part]}
            onChange={(event) => set({ [part]: event.currentTarget.value })}
          />
        ))}
        <SelectField
          title="Class of failure"
          value={text.class}
          onChange={(event) => set({ class: event.currentTarget.value })}
        >
          <option value="">None</option>
          {classes?.classes.map((each) => (
            <option key={each.name} value={each.name}>
              {each.title}
            </option>
          ))}
        </SelectField>
        <SelectField title="Owner" value={text.owner} onChange={(event) => set({ owner: event.currentTarget.value })}>
          <option value="">Nobody</option>
          {problem.owner !== null && !names.includes(problem.owner) && (
            <option value={problem.owner}>{problem.owner}</option>
          )}
          {people?.items.map((each) => (
            <option key={each.metadata.name} value={each.metadata.name}>
              {each.metadata.displayName ?? each.metadata.name}
            </option>
          ))}
        </SelectField>
        <TextInput
          type="date"
          label="To be eliminated by"
          value={text.due}
          onChange={(event) => set({ due: event.currentTarget.value })}
        />
        <TextInput
          type="number"
          label="Days it must not repeat before it counts as eliminated"
          min={1}
          max={366}
          required
          value={text.days}
          onChange={(event) => set({ days: event.currentTarget.value })}
        />
        <ProblemNote error={change.error} />
        <Button type="submit" loading={change.isPending} disabled={text.title.trim() === ''}>
          Keep
        </Button>
      </form>
    </Dialog>
  )
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
