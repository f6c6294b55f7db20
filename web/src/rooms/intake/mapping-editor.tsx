// The mapping of a source, edited against a payload it really sent: what it would become is shown while one types.
import { Button, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IntakeSourceDetail } from '../../../../client/src/operations.gen.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, declareAlertSource, intake } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { type Expressions, filledMapping, mappingFields, readable } from './intake-words.ts'
import { PreviewResult } from './preview-result.tsx'

const typingMs = 350

export function MappingEditor({ source }: { source: IntakeSourceDetail }) {
  const may = useMay('editor')
  const isMapped = source.format === 'generic' || source.format === 'email'
  const [own, setOwn] = useState<Expressions | null>(null)
  const [pasted, setPasted] = useState<string | null>(null)
  const expressions: Expressions = own ?? source.mapping ?? {}
  const sample = pasted ?? readable(source.samples[0]?.body ?? '')
  const mapping = filledMapping(expressions)
  const [asked] = useDebouncedValue(JSON.stringify({ mapping, sample }), typingMs)
  const preview = useQuery({
    queryKey: ['intake', 'preview', source.name, asked],
    queryFn: ({ signal }) => {
      const wanted: { mapping: Record<string, string>; sample: string } = JSON.parse(asked)
      const hasMapping = isMapped && Object.keys(wanted.mapping).length > 0
      const order = { source: source.name, body: wanted.sample, ...(hasMapping ? { mapping: wanted.mapping } : {}) }
      return intake.preview(order, signal)
    },
    enabled: sample.trim() !== '' && source.format !== 'heartbeat',
    placeholderData: keepPreviousData,
    retry: false,
  })
  const save = useMutation({
    mutationFn: async () => {
      const { metadata, spec } = await catalog.resource('alertsources', source.name, new AbortController().signal)
      const { mapping: _, ...rest } = spec
      const whole = Object.keys(mapping).length === 0 ? rest : { ...rest, mapping }
      return declareAlertSource({ metadata, spec: whole })
    },
    onSuccess: () => {
      setOwn(null)
      return queries.invalidateQueries()
    },
  })
  if (source.format === 'heartbeat') return null
  return (
    <Section
      title={isMapped ? 'Mapping' : 'Try a payload'}
      aside={<span className="soft">nothing is taken in by trying</span>}
    >
      <div className="mapping">
        {isMapped && (
          <div className="mapping-fields">
            {mappingFields.map((field) => (
              <TextInput
                key={field.name}
                label={field.label}
                placeholder={field.hint}
                value={expressions[field.name] ?? ''}
                onChange={(event) => setOwn({ ...expressions, [field.name]: event.currentTarget.value })}
                readOnly={!may}
                maxLength={2_000}
                spellCheck={false}
              />
            ))}
            {may && (
              <div className="form-row">
                <Button loading={save.isPending} disabled={own === null} onClick={() => save.mutate()}>
                  Save the mapping
                </Button>
                {own !== null && (
                  <Button variant="subtle" color="gray" onClick={() => setOwn(null)}>
                    Put it back
                  </Button>
                )}
              </div>
            )}
            <ProblemNote error={save.error} />
          </div>
        )}
        <div>
          <div aria-live="polite">
            <p className="soft">
              {sample.trim() === '' ? 'Nothing has arrived yet: paste a payload.' : 'It would become:'}
            </p>
            <ProblemNote error={preview.error} />
            {preview.error === null && preview.data !== undefined && sample.trim() !== '' && (
              <PreviewResult result={preview.data} />
            )}
          </div>
          <Textarea
            label={pasted === null && source.samples.length > 0 ? 'Payload: the last one it sent' : 'Payload'}
            description="Paste another to try it."
            value={sample}
            onChange={(event) => setPasted(event.currentTarget.value)}
            autosize
            minRows={6}
            maxRows={18}
            spellCheck={false}
          />
        </div>
      </div>
    </Section>
  )
}
