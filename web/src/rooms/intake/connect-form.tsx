// A new source: its name, what it sends, whose alarms they are. The rest can be declared later.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { SelectField } from '../../parts/field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, declareAlertSource } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { type Format, formatList, formatWords } from './intake-words.ts'

export function ConnectForm() {
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [format, setFormat] = useState<Format>('alertmanager')
  const [service, setService] = useState('')
  const [every, setEvery] = useState('5m')
  const services = useQuery({
    queryKey: ['services', 'for-intake'],
    queryFn: ({ signal }) => catalog.services({ limit: 500 }, signal),
  })
  const connect = useMutation({
    mutationFn: () =>
      declareAlertSource({
        metadata: { name: name.trim() },
        spec: {
          format,
          ...(service === '' ? {} : { service }),
          ...(format === 'heartbeat' ? { heartbeat: { every } } : {}),
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['intake'] })
      navigate(`/intake/${encodeURIComponent(name.trim())}`)
    },
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        connect.mutate()
      }}
    >
      <SelectField
        title="What it sends"
        value={format}
        data-autofocus
        onChange={(event) => setFormat(formatList.find((each) => each === event.currentTarget.value) ?? 'generic')}
      >
        {formatList.map((each) => (
          <option key={each} value={each}>
            {formatWords[each]}
          </option>
        ))}
      </SelectField>
      <TextInput
        label="Name"
        description="Lower-case letters, digits and hyphens; it stands in the address."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        placeholder={`shop-${format}`}
        required
        maxLength={63}
      />
      {format === 'heartbeat' && (
        <TextInput
          label="Speaks every"
          description="Silence for longer, and a minute more, is an alert."
          value={every}
          onChange={(event) => setEvery(event.currentTarget.value)}
          required
        />
      )}
      <SelectField
        title="Service of alarms that name none"
        value={service}
        onChange={(event) => setService(event.currentTarget.value)}
      >
        <option value="">None</option>
        {services.data?.items.map((each) => (
          <option key={each.name} value={each.name}>
            {each.displayName}
          </option>
        ))}
      </SelectField>
      <ProblemNote error={connect.error} />
      <Button type="submit" loading={connect.isPending}>
        Connect
      </Button>
    </form>
  )
}
