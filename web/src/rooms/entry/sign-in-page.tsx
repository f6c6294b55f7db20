import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { withQuery } from '../../parts/query-text.ts'
import { session } from '../../shell/api.ts'
import { backOf } from './back.ts'
import { Door } from './door.tsx'

export default function SignInPage() {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const back = backOf(window.location.search)
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => session.setupState(signal) }).data
  const signIn = useMutation({
    mutationFn: () => session.signIn({ email: email.trim(), password }),
    onSuccess: () => {
      // Forgotten, not only marked as old: the page ahead would still read that nobody is signed in and send us back.
      client.removeQueries({ queryKey: ['session'] })
      navigate(back, { replace: true })
    },
  })
  if (setup?.needed === true) return <Redirect to="/setup" replace />
  return (
    <Door title="Sign in">
      <h1>Sign in</h1>
      <form
        className="form door-form"
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate()
        }}
      >
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          size="md"
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          size="md"
        />
        <ProblemNote error={signIn.error} />
        <Button type="submit" size="md" loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
      {setup?.oidc === true && (
        <div className="door-other">
          <Button component="a" href={withQuery(session.oidcStart, { back })} variant="default" size="md" fullWidth>
            Sign in with single sign-on
          </Button>
        </div>
      )}
    </Door>
  )
}
