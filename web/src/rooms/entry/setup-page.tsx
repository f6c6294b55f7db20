// The first person. The link with the token is printed once where the server was started.
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { session } from '../../shell/api.ts'
import { Door } from './door.tsx'

export default function SetupPage() {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  const [token, setToken] = useState(
    () => window.location.hash.slice(1) || (new URLSearchParams(window.location.search).get('token') ?? ''),
  )
  const fromLink = useState(token !== '')[0]
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const state = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => session.setupState(signal) })
  // A link for somebody who is known already asks only for a password.
  const first = state.data?.needed !== false
  const setUp = useMutation({
    mutationFn: () =>
      session.setup({
        token: token.trim(),
        password,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...(first ? { email: email.trim(), name: name.trim() } : {}),
      }),
    onSuccess: async () => {
      await client.invalidateQueries()
      // Whoever came by the front door is remembered as nobody.
      client.removeQueries({ queryKey: ['session'] })
      navigate('/', { replace: true })
    },
  })
  if (state.data?.needed === false && token === '') {
    return (
      <Door title="Set up">
        <h1>It is set up already</h1>
        <p className="page-sentence">
          The first account exists. <Link href="/sign-in">Sign in</Link>, or ask an administrator for an invitation.
        </p>
      </Door>
    )
  }
  return (
    <Door title="Set up">
      <h1>{first ? 'Make the first account' : 'Choose a password'}</h1>
      <p className="page-sentence">
        {first
          ? 'It will be the administrator; others are added later under Settings.'
          : 'The link you opened knows who you are. It works once.'}
      </p>
      <ProblemNote error={state.error} retry={() => void state.refetch()} />
      <form
        className="form door-form"
        onSubmit={(event) => {
          event.preventDefault()
          setUp.mutate()
        }}
      >
        {!fromLink && (
          <TextInput
            label="Setup token"
            description="The part after # of the one-time link that was printed where the server was started."
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            required
            size="md"
            autoComplete="off"
          />
        )}
        {first && (
          <>
            <TextInput
              label="Your name"
              autoComplete="name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              size="md"
            />
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              required
              size="md"
            />
          </>
        )}
        <PasswordInput
          label="Password"
          description="At least 12 characters. A password manager or a sentence is best."
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          minLength={12}
          size="md"
        />
        <ProblemNote error={setUp.error} />
        <Button type="submit" size="md" loading={setUp.isPending}>
          Start
        </Button>
      </form>
    </Door>
  )
}
