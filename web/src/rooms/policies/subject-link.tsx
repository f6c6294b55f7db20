// What a policy acted on: an objective by its name, a journey as one.
import { Link } from 'wouter'
import type { ChangeHold } from '../../../../client/src/operations.gen.ts'

export function SubjectLink({ of: { subject, objective } }: { of: Pick<ChangeHold, 'subject' | 'objective'> }) {
  return <Link href={`/${subject}s/${objective}`}>{subject === 'journey' ? `journey ${objective}` : objective}</Link>
}
