// Holds every rule against a house and tells what breaks it.
import { type ArrowRule, arrowRules } from './arrow-rules.ts'
import { type FileRule, fileRules } from './file-rules.ts'
import type { House, Violation } from './house.ts'
import { type HouseRule, houseRules } from './house-rules.ts'

export const rules: readonly (ArrowRule | FileRule | HouseRule)[] = [...arrowRules, ...fileRules, ...houseRules]

export const sentenceOf = (id: string): string => rules.find((rule) => rule.id === id)?.sentence ?? id

export function judge(house: House): readonly Violation[] {
  const found: Violation[] = []
  for (const rule of arrowRules)
    for (const arrow of house.arrows) {
      if (arrow.from.test && rule.id !== 'leads-somewhere') continue
      const detail = rule.look(arrow, house)
      if (detail !== null) found.push({ rule: rule.id, path: arrow.from.path, line: arrow.taken.line, detail })
    }
  for (const rule of fileRules)
    for (const module of house.modules) {
      if (module.test && !rule.tests) continue
      for (const { line, detail } of rule.look(module, house))
        found.push({ rule: rule.id, path: module.path, line, detail })
    }
  for (const rule of houseRules) for (const each of rule.look(house)) found.push({ rule: rule.id, ...each })
  return found.sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line)
}
