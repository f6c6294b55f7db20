// CEL expressions (https://cel.dev, language version 1): compiled once, run against plain values, with answers as plain
// values. What would cost too much is refused when it is compiled.
import { type CelInput, celEnv, isCelError, isCelList, isCelMap, isCelUint, parse, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { isJsonObject } from '../../kernel/json.ts'

export type Evaluated =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The values have no such field. */
  | { readonly kind: 'missing'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string }

export type Expression = (bindings: Readonly<Record<string, unknown>>) => Evaluated

const env = celEnv({ funcs: [...strings] })
/** A list in a list is read; deeper, the cost grows with the third power of what is read. */
const mostNested = 2

export function compileExpression(
  text: string,
): { readonly ok: true; readonly run: Expression } | { readonly ok: false; readonly detail: string } {
  try {
    const expression = parse(text)
    if (nesting(expression) > mostNested) throw new Error(`it walks more than ${mostNested} lists inside each other`)
    const run = plan(env, expression)
    return { ok: true, run: (bindings) => evaluate(run, bindings) }
  } catch (error) {
    return { ok: false, detail: `It cannot be compiled: ${sentence(error)}` }
  }
}

function evaluate(
  run: (bindings: Record<string, CelInput>) => unknown,
  bindings: Readonly<Record<string, unknown>>,
): Evaluated {
  try {
    const result = run(bindings as Record<string, CelInput>)
    if (!isCelError(result)) return { kind: 'value', value: plain(result) }
    const detail = sentence(result)
    return {
      kind: /field not found|no such key|not found|out of bounds|unresolved/i.test(detail) ? 'missing' : 'failed',
      detail,
    }
  } catch (error) {
    return { kind: 'failed', detail: sentence(error) }
  }
}

const sentence = (error: unknown): string =>
  (error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? String(error.message)
    : String(error)
  ).slice(0, 300)

/** What CEL answers as plain values; a list or a map of it too. */
function plain(value: unknown): unknown {
  if (isCelList(value)) return [...value].map(plain)
  if (isCelMap(value))
    return Object.fromEntries([...value.entries()].map(([key, each]) => [String(plain(key)), plain(each)]))
  if (isCelUint(value)) return value.value
  if (typeof value === 'object' && value !== null && 'message' in value) return plainMessage(value.message)
  return value
}

/** google.protobuf.Timestamp as milliseconds. */
function plainMessage(message: unknown): unknown {
  if (!isJsonObject(message)) return null
  const { seconds, nanos } = message as { seconds?: unknown; nanos?: unknown }
  return typeof seconds === 'bigint' ? Number(seconds) * 1_000 + Math.floor(Number(nanos ?? 0) / 1e6) : null
}

/** How many comprehensions stand inside each other. */
function nesting(node: unknown, depth = 0): number {
  if (typeof node !== 'object' || node === null || depth > 200) return 0
  const own = 'case' in node && node.case === 'comprehensionExpr' ? 1 : 0
  let most = 0
  for (const [name, value] of Object.entries(node)) {
    if (name === 'sourceInfo') continue
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
    for (const part of parts) most = Math.max(most, nesting(part, depth + 1))
  }
  return own + most
}
