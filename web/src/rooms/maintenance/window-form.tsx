// A window as a form, judged while it is written; the same document as `mainstay apply` takes.
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SkeletonRows } from '../../parts/empty.tsx'
import { toLocalInput, zoneName } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog } from '../../shell/api.ts'
import { maintenance } from '../../shell/maintenance-api.ts'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'
import { ServicePicker } from './service-picker.tsx'
import { WindowPreview } from './window-preview.tsx'
import { documentOf, draftOf, formOf, nameFrom, repeats, repeatWords, type WindowForm } from './window-words.ts'

const hour = 3_600_000
const waitMs = 300

type TextKey = 'title' | 'reason' | 'start' | 'timeZone' | 'lasts' | 'rule' | 'publicTitle' | 'publicText'

function freshForm(): WindowForm {
  return {
    ...{ name: '', title: '', services: [], dependants: 'none', lasts: '2h', repeat: 'once', rule: '', reason: '' },
    start: toLocalInput(Math.ceil(presentMs() / hour) * hour),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...{ budget: 'drop', tells: false, publicTitle: '', publicText: '' },
  }
}

/** `new`, or the name of a declared window. */
export function WindowEditor({ name, onDone }: { name: string; onDone: () => void }) {
  const declared = useQuery({
    queryKey: ['maintenance', 'window', name],
    queryFn: ({ signal }) => catalog.resource('maintenancewindows', name, signal),
    enabled: name !== 'new',
    retry: false,
  })
  if (name === 'new') return <Form first={freshForm()} onDone={onDone} />
  if (declared.data !== undefined) {
    const { metadata, spec } = declared.data
    return <Form first={formOf(metadata, spec, freshForm())} onDone={onDone} />
  }
  return (
    <Section title={name}>
      {declared.isPending && <SkeletonRows rows={4} />}
      <ProblemNote error={declared.error} retry={() => void declared.refetch()} />
      {declared.error !== null && (
        <p className="soft">
          The window may be gone: its times that were stay in the list.{' '}
          <button type="button" className="link-button" onClick={onDone}>
            Close
          </button>
        </p>
      )}
    </Section>
  )
}

function Form({ first, onDone }: { first: WindowForm; onDone: () => void }) {
  const isNew = first.name === ''
  const [form, setForm] = useState(first)
  const set = (patch: Partial<WindowForm>) => setForm((before) => ({ ...before, ...patch }))
  const text = (key: TextKey) => ({
    value: form[key],
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => set({ [key]: currentTarget.value }),
  })
  const [asked] = useDebouncedValue(form, waitMs)
  const name = isNew ? nameFrom(form.title) : form.name
  const sound = asked.services.length > 0 && asked.start !== '' && /^(\d{1,9}(s|m|h|d))+$/.test(asked.lasts)
  const body = draftOf(asked)
  const preview = useQuery({
    queryKey: ['maintenance', 'preview', body],
    queryFn: ({ signal }) => maintenance.preview(body, signal),
    enabled: sound,
    retry: false,
  })
  const done = async (sentence: string) => {
    await queries.invalidateQueries({ queryKey: ['maintenance'] })
    onDone()
    say({ sentence, undo: null })
  }
  const declare = useMutation({
    mutationFn: () => maintenance.declare(documentOf(form)),
    onSuccess: () => done(isNew ? 'Planned.' : 'Changed: what is to come follows.'),
  })
  const remove = useMutation({
    mutationFn: () => maintenance.remove(form.name),
    onSuccess: () => done('Removed. What was stays in the list.'),
  })
  return (
    <Section title={isNew ? 'Plan maintenance' : first.title} {...(isNew ? {} : { aside: first.name })}>
      <form
        className="window-form"
        onSubmit={(event) => {
          event.preventDefault()
          declare.mutate()
        }}
      >
        <TextInput
          label="What"
          description={name === '' ? 'A few words.' : `Declared as ${name}.`}
          required
          maxLength={63}
          data-autofocus
          {...text('title')}
        />
        <TextInput
          label="Why"
          description="For colleagues; it stays inside."
          required
          minLength={3}
          maxLength={500}
          {...text('reason')}
        />
        <ServicePicker chosen={form.services} onChange={(services) => set({ services })} />
        <NativeSelect
          label="Who depends on them"
          description="By the graph, when it begins."
          value={form.dependants}
          onChange={(event) => set({ dependants: chosenOf(['none', 'hard', 'all'], event.currentTarget.value) })}
          data={[
            { value: 'none', label: 'is not covered' },
            { value: 'hard', label: 'is covered when it fails with them' },
            { value: 'all', label: 'is covered, always' },
          ]}
        />
        <TextInput
          type="datetime-local"
          label="Begins"
          description={`On the clocks of ${zoneName(form.timeZone)}.`}
          required
          {...text('start')}
        />
        <TextInput label="Time zone" description="An IANA name." required maxLength={60} {...text('timeZone')} />
        <TextInput
          label="Lasts"
          description="Such as 90m, 2h, 1d."
          required
          pattern="(\d{1,9}(s|m|h|d))+"
          maxLength={20}
          {...text('lasts')}
        />
        <NativeSelect
          label="How often"
          description="By the day it begins on."
          value={form.repeat}
          onChange={(event) => set({ repeat: chosenOf(repeats, event.currentTarget.value) })}
          data={repeats.map((each) => ({ value: each, label: repeatWords(each, form.start) }))}
        />
        {form.repeat === 'own' && (
          <TextInput
            className="whole"
            label="Rule"
            description="RFC 5545, such as FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"
            required
            maxLength={500}
            {...text('rule')}
          />
        )}
        <NativeSelect
          label="Its time in budgets"
          description="For objectives of all covered services."
          value={form.budget}
          onChange={(event) => set({ budget: chosenOf(['drop', 'good', 'count'], event.currentTarget.value) })}
          data={[
            { value: 'drop', label: 'is left out' },
            { value: 'good', label: 'counts as good' },
            { value: 'count', label: 'counts as ever' },
          ]}
        />
        <Checkbox
          className="whole"
          label="Tell customers on the status pages that show these services"
          checked={form.tells}
          onChange={(event) => set({ tells: event.currentTarget.checked })}
        />
        {form.tells && (
          <>
            <TextInput label="Title for customers" required maxLength={200} {...text('publicTitle')} />
            <Textarea
              label="Text for customers"
              description="What they notice, and how long. Three days ahead."
              required
              maxLength={2000}
              autosize
              minRows={2}
              {...text('publicText')}
            />
          </>
        )}
        <div className="whole">
          {sound && preview.data !== undefined && (
            <WindowPreview of={preview.data} zone={asked.timeZone} own={form.name} />
          )}
          <ProblemNote error={sound ? preview.error : null} retry={() => void preview.refetch()} />
          <ProblemNote error={declare.error ?? remove.error} />
          <div className="maintenance-acts">
            <Button type="submit" loading={declare.isPending} disabled={!sound || preview.data === undefined}>
              {isNew ? 'Plan it' : 'Change it'}
            </Button>
            <Button variant="default" onClick={onDone}>
              Leave it
            </Button>
            {!isNew && (
              <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
                Remove the window
              </Button>
            )}
          </div>
        </div>
      </form>
    </Section>
  )
}

function chosenOf<Value extends string>(values: readonly [Value, ...Value[]], given: string): Value {
  return values.find((each) => each === given) ?? values[0]
}
