// Whom a document's annotations ask to look at it again.
import type { Reference, ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import { step } from '../core/openslo-cursor.ts'
import { readReviewTerms, reviewOwner } from '../core/review-annotations.ts'

export function reviewReferences({ metadata }: ResourceDocument): readonly Reference[] {
  const owner = readReviewTerms(metadata.annotations ?? {}, [])?.owner ?? null
  const kind = owner?.kind === 'team' ? 'Team' : 'Person'
  return owner === null ? [] : [{ kind, name: owner.name, pointer: `/metadata/annotations${step(reviewOwner)}` }]
}
