// LearningPolicy: the classes of failure, and how long a problem is watched. There is one, named `default`.
import { Type } from 'typebox'
import { parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { Name, Text } from '../../../platform/http/schemas.ts'
import type { ResourceKind } from '../../../platform/resources/resource-kind.ts'

const Class = Type.Object({
  name: Name,
  title: Type.Optional(Text(60)),
  meaning: Type.Optional(Text(300, 'In words everybody decides the same way by.')),
  change: Type.Optional(Type.Boolean({ description: 'Counts as a failure of a change in trends.' })),
})

export const learningPolicyName = 'default'
/** Longer than a year proves nothing in time. */
const longestDays = 366

export const learningPolicyKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'LearningPolicy',
  plural: 'learningpolicies',
  aliases: ['learningpolicy'],
  summary: 'Classes of failure, and how long a problem must not repeat before it counts as eliminated',
  order: 91,
  spec: Type.Object({
    classes: Type.Optional(
      Type.Array(Class, {
        minItems: 1,
        maxItems: 50,
        description: 'All of them, in the order people choose from. Left out, the classes Mainstay brings hold.',
      }),
    ),
    eliminationWindow: Type.Optional(Text(20, 'For example `90d`, which holds unless said; a day to 366 days.')),
  }),
  owner: () => null,
  references: () => [],
  admit: ({ metadata, spec }) => {
    const faults: { pointer: string; detail: string }[] = []
    if (metadata.name !== learningPolicyName)
      faults.push({
        pointer: '/metadata/name',
        detail: `There is one policy, and its name is "${learningPolicyName}".`,
      })
    const window = spec.eliminationWindow
    if (typeof window === 'string') {
      const days = (parseDuration(window) ?? 0) / 86_400_000
      if (days < 1 || days > longestDays)
        faults.push({
          pointer: '/spec/eliminationWindow',
          detail: `"${window}" is no time of 1 to ${longestDays} days. Write 90d.`,
        })
    }
    const seen = new Set<string>()
    for (const [index, each] of (Array.isArray(spec.classes) ? spec.classes : []).entries()) {
      const name = isJsonObject(each) && typeof each.name === 'string' ? each.name : ''
      if (seen.has(name)) faults.push({ pointer: `/spec/classes/${index}/name`, detail: `"${name}" is there twice.` })
      seen.add(name)
    }
    return { faults, warnings: [] }
  },
}
