// A refusal shown where it happened: what, why, which fields, the request id to quote, and a way to try again.
import { Button } from '@mantine/core'
import { useState } from 'react'
import { type Fault, problemOf } from './problem.ts'
import { StateShape } from './state-mark.tsx'
import './notes.css'

export function ProblemNote({
  error,
  retry,
  onFault,
}: {
  error: unknown
  retry?: (() => void) | undefined
  /** Makes each fault a button, to jump to its place. */
  onFault?: (fault: Fault) => void
}) {
  const [copied, setCopied] = useState(false)
  if (error === null || error === undefined) return null
  const problem = problemOf(error)
  return (
    <div className="note problem" role="alert">
      <StateShape tone={problem.status === 0 || problem.status >= 500 ? 'critical' : 'warning'} />
      <div className="note-body">
        <p className="note-title">{problem.title}</p>
        <p>{problem.detail}</p>
        {problem.errors !== undefined && problem.errors.length > 0 && (
          <ul className="faults">
            {problem.errors.map((fault) => (
              <li key={`${fault.pointer ?? ''}${fault.line ?? ''}${fault.detail}`}>
                {onFault !== undefined && fault.line !== undefined ? (
                  <button type="button" className="link-button mono" onClick={() => onFault(fault)}>
                    {placeOf(fault)}
                  </button>
                ) : (
                  placeOf(fault) !== '' && <code>{placeOf(fault)}</code>
                )}{' '}
                {fault.detail}
              </li>
            ))}
          </ul>
        )}
        <div className="note-foot">
          {retry !== undefined && (
            <Button size="compact-sm" variant="default" onClick={retry}>
              Try again
            </Button>
          )}
          {problem.requestId !== '' && (
            <button
              type="button"
              className="link-button soft"
              onClick={() => {
                navigator.clipboard?.writeText(problem.requestId).then(
                  () => setCopied(true),
                  () => setCopied(false),
                )
              }}
            >
              {copied ? 'Copied' : 'Request'} <code>{problem.requestId}</code>
            </button>
          )}
          <code className="soft">{problem.code}</code>
        </div>
      </div>
    </div>
  )
}

function placeOf(fault: Fault): string {
  if (fault.line !== undefined) return `${fault.line}:${fault.column ?? 1}`
  return fault.pointer ?? ''
}
