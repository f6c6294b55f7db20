// CEL expressions of a mapping, compiled once and run against payloads.
import { type Mapping, mappingFields } from '../../modules/intake/core/index.ts'
import { compileExpression, type Expression } from '../../platform/expressions/cel.ts'

export type Field = (typeof mappingFields)[number]
export type Compiled = ReadonlyMap<Field, Expression>

export interface MappingFault {
  readonly field: Field
  readonly detail: string
}

export function compileMapping(mapping: Mapping): {
  readonly compiled: Compiled
  readonly faults: readonly MappingFault[]
} {
  const compiled = new Map<Field, Expression>()
  const faults: MappingFault[] = []
  for (const field of mappingFields) {
    const text = mapping[field]
    if (text === undefined) continue
    const compilation = compileExpression(text)
    if (compilation.ok) compiled.set(field, compilation.run)
    else faults.push({ field, detail: compilation.detail })
  }
  return { compiled, faults }
}
