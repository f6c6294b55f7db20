// Where those who work on it talk.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { type IncidentDetail, incidents } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import './chat-room.css'

export function CallOf({ incident }: { incident: IncidentDetail }) {
  const may = useMay('responder')
  const [asking, setAsking] = useState(false)
  const [url, setUrl] = useState('')
  const name = useMutation({
    mutationFn: (callUrl: string | null) => incidents.update(incident.id, { callUrl }),
    onSuccess: () => {
      setAsking(false)
      setUrl('')
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  const { callUrl } = incident
  return (
    <Section title="Call">
      {callUrl === null ? (
        <p className="soft">Nobody has said where people talk.</p>
      ) : (
        <p className="chat-room-name">
          <a href={callUrl} target="_blank" rel="noreferrer">
            {callUrl.replace(/^https:\/\//, '')}
          </a>
        </p>
      )}
      {may && !asking && (
        <div className="call-acts">
          <button type="button" className="link-button" onClick={() => setAsking(true)}>
            {callUrl === null ? 'Say where' : 'Another call'}
          </button>
          {callUrl !== null && (
            <button type="button" className="link-button" onClick={() => name.mutate(null)}>
              It is over<span className="sr-only">: the call</span>
            </button>
          )}
        </div>
      )}
      {may && asking && (
        <form
          className="chat-command"
          onSubmit={(event) => {
            event.preventDefault()
            if (url.trim() !== '') name.mutate(url.trim())
          }}
        >
          <TextInput
            label="Address of the call"
            placeholder="https://meet.example.com/room"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            maxLength={2_000}
            autoComplete="off"
          />
          <Button
            type="submit"
            variant="default"
            size="compact-sm"
            loading={name.isPending}
            disabled={url.trim() === ''}
          >
            Say it
          </Button>
        </form>
      )}
      <ProblemNote error={name.error} />
    </Section>
  )
}
