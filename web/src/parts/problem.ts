// What a person is told about anything that went wrong.
import { ProblemError, type ProblemFault } from '../../../client/src/index.ts'

export type Fault = ProblemFault

export interface ShownProblem {
  readonly title: string
  readonly detail: string
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly errors: readonly Fault[]
}

/** The problem of any thrown value, so that a fault in the console is shown in place too. */
export function problemOf(error: unknown): ShownProblem {
  if (error instanceof ProblemError) {
    if (error.status === 0) {
      return {
        title: 'Mainstay does not answer',
        detail: 'This browser cannot reach the server. Check the network; what you see may be old.',
        status: 0,
        code: error.code,
        requestId: '',
        errors: [],
      }
    }
    return {
      title: error.title,
      detail: error.detail,
      status: error.status,
      code: error.code,
      requestId: error.requestId ?? '',
      errors: error.errors,
    }
  }
  // Pages are fetched when they are opened first; browsers say in words of their own that it failed.
  if (error instanceof Error && /preload|imported module|module script/i.test(error.message)) {
    return {
      title: 'This page could not be fetched',
      detail: 'The server does not answer, or a newer version has taken its place. Try again.',
      status: 0,
      code: 'console.not-fetched',
      requestId: '',
      errors: [],
    }
  }
  return {
    title: 'A fault in this page',
    detail: error instanceof Error ? error.message : 'Something unexpected happened in the console.',
    status: 0,
    code: 'console.fault',
    requestId: '',
    errors: [],
  }
}
