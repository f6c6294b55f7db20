import type { ObjectiveTerms } from '../../../../client/src/operations.gen.ts'

/** `checkout-availability`; `journey/buy`, as commands take it. */
export const subjectText = ({ subject, objective }: Pick<ObjectiveTerms, 'subject' | 'objective'>): string =>
  subject === 'journey' ? `journey/${objective}` : objective

export function readSubject(text: string): { readonly subject: ObjectiveTerms['subject']; readonly name: string } {
  const journey = /^journey\/(.+)$/.exec(text)?.[1]
  return journey === undefined ? { subject: 'objective', name: text } : { subject: 'journey', name: journey }
}
