// One more way to reach me: choose it, give its address, and the code that is sent there proves it.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { notifications } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { type AddedKind, addedKinds, asked, kindNames, orderOf } from './contact-words.ts'

export function AddContact() {
  const [kind, setKind] = useUrlState<'' | AddedKind>('add', '')
  const channels = useQuery({ queryKey: ['channels'], queryFn: ({ signal }) => notifications.channels(signal) })
  const stateOf = (each: AddedKind) => channels.data?.items.find((state) => state.kind === each)
  if (kind === '') {
    return (
      <p className="enrol-more">
        <span className="soft">Add</span>
        {addedKinds.map((each) => (
          <button key={each} type="button" className="link-button" onClick={() => setKind(each)}>
            {kindNames[each]}
          </button>
        ))}
      </p>
    )
  }
  const state = stateOf(kind)
  if (state !== undefined && !state.available) {
    return (
      <p className="enrol-more">
        <span>
          {kindNames[kind]}: {state.because}
        </span>
        {state.connection !== null && <a href="/settings/channels">Open the settings</a>}
        <button type="button" className="link-button" onClick={() => setKind('')}>
          Choose another
        </button>
      </p>
    )
  }
  return <Address kind={kind} onDone={() => setKind('')} />
}

function Address({ kind, onDone }: { kind: AddedKind; onDone: () => void }) {
  const [value, setValue] = useState('')
  const [token, setToken] = useState('')
  const { label, hint, type } = asked[kind]
  const add = useMutation({
    mutationFn: () => notifications.createContact(orderOf(kind, value, token)),
    onSuccess: ({ secret }) => {
      setValue('')
      setToken('')
      if (secret === null) onDone()
      return queries.invalidateQueries({ queryKey: ['contacts'] })
    },
  })
  return (
    <form
      className="form-row"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <TextInput
        label={`${kindNames[kind]}: ${label}`}
        description={hint}
        type={type}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        required
        className="grow-input"
        autoComplete={type === 'tel' ? 'tel' : type === 'email' ? 'email' : 'off'}
      />
      {kind === 'ntfy' && (
        <TextInput
          label="Access token"
          description="Only for a protected topic."
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoComplete="off"
          className="grow-input"
        />
      )}
      <Button type="submit" loading={add.isPending}>
        Add
      </Button>
      <Button variant="default" onClick={onDone}>
        Cancel
      </Button>
      <ProblemNote error={add.error} />
      {add.data?.secret != null && (
        <div role="status" className="verify">
          <strong>The secret that signs what is sent; it is shown only now.</strong>
          <CopyLine text={add.data.secret} label="Copy the secret" />
        </div>
      )}
    </form>
  )
}
