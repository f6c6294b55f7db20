// What to paste into the sender, and the tokens that prove it: made, replaced with an overlap, ended.
import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { IntakeSourceDetail } from '../../../../client/src/operations.gen.ts'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { intake } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { CopyBlock } from './copy-block.tsx'
import { filledWith } from './intake-words.ts'

const refresh = () => queries.invalidateQueries({ queryKey: ['intake'] })

export function SetUp({ source }: { source: IntakeSourceDetail }) {
  const may = useMay('editor')
  const issue = useMutation({ mutationFn: () => intake.issueToken(source.name), onSuccess: refresh })
  const revoke = useMutation({ mutationFn: (id: string) => intake.revokeToken(source.name, id), onSuccess: refresh })
  const token = issue.data?.token ?? null
  return (
    <Section title="Set it up">
      {source.liveTokens.length === 0 && token === null && (
        <p>It has no token yet, so nothing it sends is taken. Make one; it fills the texts below.</p>
      )}
      <ul className="rows">
        {source.liveTokens.map((each) => (
          <li key={each.id}>
            <span className="grow">
              Token …<code>{each.last4}</code>{' '}
              <span className="soft">
                by {each.createdBy}, <Time at={each.createdAt} />
                {each.usedAt === null ? ', not used yet' : ', used '}
                {each.usedAt !== null && <Time at={each.usedAt} />}
                {each.expiresAt !== null && ', ends '}
                {each.expiresAt !== null && <Time at={each.expiresAt} />}
              </span>
            </span>
            {may && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                onClick={() => revoke.mutate(each.id)}
                loading={revoke.isPending && revoke.variables === each.id}
                aria-label={`End token …${each.last4} now`}
              >
                End now
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ProblemNote error={issue.error ?? revoke.error} />
      {may && (
        <p>
          <Button
            variant={source.liveTokens.length === 0 ? 'filled' : 'default'}
            loading={issue.isPending}
            onClick={() => issue.mutate()}
          >
            {source.liveTokens.length === 0 ? 'Make a token' : 'Replace the token'}
          </Button>{' '}
          {source.liveTokens.length > 0 && <span className="soft">The former one is good for a day more.</span>}
        </p>
      )}
      {token !== null && (
        <div role="status">
          <p className="key-once">
            <strong>Copy it now; it is never shown again. It stands in the texts below too.</strong>
          </p>
          <CopyLine text={token} label="Copy the token" />
        </div>
      )}
      {source.setUp.map((step) => (
        <div key={step.title} className="set-up-step">
          <p className="soft">{step.title}</p>
          {step.text.includes('\n') ? (
            <CopyBlock text={filledWith(step.text, token)} label={`Copy: ${step.title}`} />
          ) : (
            <CopyLine text={filledWith(step.text, token)} label={`Copy: ${step.title}`} />
          )}
        </div>
      ))}
      {source.signature.can !== 'none' && <Signature source={source} may={may} />}
    </Section>
  )
}

function Signature({ source, may }: { source: IntakeSourceDetail; may: boolean }) {
  const [secret, setSecret] = useState('')
  const store = useMutation({
    mutationFn: () => intake.setSecret(source.name, secret),
    onSuccess: () => {
      setSecret('')
      return refresh()
    },
  })
  const remove = useMutation({ mutationFn: () => intake.removeSecret(source.name), onSuccess: refresh })
  if (source.signature.can === 'certificate')
    return <p className="soft">Every delivery is checked against the certificate of Amazon SNS.</p>
  return (
    <form
      className="form"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        store.mutate()
      }}
    >
      <p className="soft">
        {source.signature.checked
          ? `Deliveries without a right signature are turned away${source.signature.secrets === 0 ? '; no secret is stored yet' : ''}.`
          : 'Signatures are not checked: store the sender’s secret to turn the check on.'}
      </p>
      {may && (
        <>
          <PasswordInput
            label={source.signature.secrets === 0 ? 'Secret that signs' : 'New secret'}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            required
            minLength={8}
            autoComplete="off"
          />
          <ProblemNote error={store.error ?? remove.error} />
          <div className="form-row">
            <Button type="submit" variant="default" loading={store.isPending}>
              Store the secret
            </Button>
            {source.signature.secrets > 0 && (
              <Button variant="subtle" color="gray" loading={remove.isPending} onClick={() => remove.mutate()}>
                Stop checking
              </Button>
            )}
          </div>
        </>
      )}
    </form>
  )
}
