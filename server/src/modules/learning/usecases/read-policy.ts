// The learning policy that holds now.
import { AppError } from '../../../kernel/app-error.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findResource } from '../../catalog/index.ts'
import { type LearningPolicy, readLearningPolicy } from '../core/index.ts'
import { learningPolicyName } from '../kinds/learning-policy.ts'

export async function readLearning(queries: Queries): Promise<LearningPolicy & { readonly declared: boolean }> {
  const stored = await findResource(queries, { kind: 'LearningPolicy', name: learningPolicyName })
  return { ...readLearningPolicy(stored?.document.spec ?? null), declared: stored !== null }
}

export async function checkClass(queries: Queries, name: string): Promise<void> {
  const { classes } = await readLearning(queries)
  if (classes.some((each) => each.name === name)) return
  const known = classes.map((each) => each.name).join(', ')
  throw new AppError('invalid', 'learning.unknown-class', `There is no class "${name}". There are: ${known}.`)
}
