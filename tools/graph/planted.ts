// Plants one violation after another in a small legal house and sees whether its rule catches it.
// A check that looked at nothing would be green; this one would be red.
import { readHouse } from './house.ts'
import { judge, rules } from './judge.ts'

export interface Plant {
  readonly rule: string
  readonly title: string
  /** Laid over the legal house. */
  readonly files: ReadonlyMap<string, string>
}

/**
 * A plant file holds cases of one rule, each opened by `=== title`; `--- path` opens a file of the case.
 * The file `legal.txt` has one case, which is the house the others are laid over.
 */
export function readPlants(name: string, text: string): readonly Plant[] {
  const rule = name.replace(/\.txt$/, '')
  return text
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const [head = '', ...files] = section.split(/^--- /m)
      const parts = files.map((each): readonly [string, string] => {
        const end = each.indexOf('\n')
        return [each.slice(0, end).trim(), each.slice(end + 1)]
      })
      return { rule, title: head.trim(), files: new Map(parts) }
    })
}

/** Sentences on what the rules missed, or caught wrongly; empty when all is well. */
export function tryPlants(plants: readonly Plant[]): readonly string[] {
  const legal = plants.find(({ rule }) => rule === 'legal')
  if (legal === undefined) return ['There is no legal house to plant in.']
  const faults = judge(readHouse(legal.files)).map(
    ({ rule, path, detail }) => `The legal house breaks ${rule}: ${path} ${detail}`,
  )
  const planted = plants.filter(({ rule }) => rule !== 'legal')
  for (const { rule, title, files } of planted) {
    const found = judge(readHouse(new Map([...legal.files, ...files])))
    const rules = [...new Set(found.map((each) => each.rule))]
    if (!rules.includes(rule))
      faults.push(`${rule} did not catch "${title}"${rules.length > 0 ? ` (${rules.join(', ')} did)` : ''}`)
    else if (!found.some((each) => each.rule === rule && files.has(each.path)))
      faults.push(`${rule} caught "${title}" in the wrong file`)
  }
  const tried = new Set(planted.map(({ rule }) => rule))
  for (const { id } of rules) if (!tried.has(id)) faults.push(`${id} has no planted violation`)
  for (const id of tried)
    if (!rules.some((rule) => rule.id === id)) faults.push(`${id} is planted, but there is no such rule`)
  return faults
}
