// Contributing factors and what each led to: a graph, told as lines, so that it reads on a phone and to a screen reader.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { queries } from '../../shell/queries.ts'
import { type Factor, type Postmortem, postmortems } from '../../shell/response-api.ts'
import { factorId, factorWords } from './words.ts'

const kinds: readonly Factor['kind'][] = ['trigger', 'latent', 'detection', 'response', 'organisation']

export function Factors({ postmortem, may }: { postmortem: Postmortem; may: boolean }) {
  const { factors } = postmortem
  const [text, setText] = useState('')
  const [kind, setKind] = useState<Factor['kind']>('latent')
  const [leadsTo, setLeadsTo] = useState('')
  const save = useMutation({
    mutationFn: (next: readonly Factor[]) => postmortems.factors(postmortem.id, next, postmortem.version),
    onSuccess: () => {
      setText('')
      setLeadsTo('')
      return queries.invalidateQueries({ queryKey: ['postmortems'] })
    },
  })
  const textOf = (id: string) => factors.find((each) => each.id === id)?.text ?? id
  const without = (id: string) =>
    factors
      .filter((each) => each.id !== id)
      .map((each) => ({ ...each, leadsTo: each.leadsTo.filter((to) => to !== id) }))
  return (
    <Section title="Contributing factors">
      <ul className="rows">
        {factors.map((factor) => (
          <li key={factor.id}>
            <div className="grow">
              <p>
                <strong>{factor.text}</strong> <span className="soft">{factorWords[factor.kind]}</span>
              </p>
              {factor.leadsTo.map((to) => (
                <p key={to} className="soft factor-led">
                  led to: {textOf(to)}
                </p>
              ))}
            </div>
            {may && (
              <button
                type="button"
                className="link-button"
                disabled={save.isPending}
                onClick={() => save.mutate(without(factor.id))}
              >
                Remove<span className="sr-only">: {factor.text}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {factors.length === 0 && <p className="soft">What had to come together for this to happen? Rarely one thing.</p>}
      <ProblemNote error={save.error} retry={() => void queries.invalidateQueries({ queryKey: ['postmortems'] })} />
      {may && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            const id = factorId(
              text,
              factors.map((each) => each.id),
            )
            save.mutate([...factors, { id, text: text.trim(), kind, leadsTo: leadsTo === '' ? [] : [leadsTo] }])
          }}
        >
          <TextInput
            label="One more factor"
            value={text}
            maxLength={500}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {text !== '' && (
            <>
              <SelectField
                title="Kind"
                value={kind}
                onChange={(event) => setKind(kinds.find((each) => each === event.currentTarget.value) ?? 'latent')}
              >
                {kinds.map((each) => (
                  <option key={each} value={each}>
                    {factorWords[each]}
                  </option>
                ))}
              </SelectField>
              {factors.length > 0 && (
                <SelectField
                  title="It led to"
                  value={leadsTo}
                  onChange={(event) => setLeadsTo(event.currentTarget.value)}
                >
                  <option value="">the incident</option>
                  {factors.map((each) => (
                    <option key={each.id} value={each.id}>
                      {each.text}
                    </option>
                  ))}
                </SelectField>
              )}
            </>
          )}
          <Button type="submit" variant="default" loading={save.isPending} disabled={text.trim() === ''}>
            Add
          </Button>
        </form>
      )}
    </Section>
  )
}
