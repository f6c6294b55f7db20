// Regular expressions that cannot hang: a Thompson machine, time linear in the text whatever the pattern says.
// The syntax is the part of RE2 that people write in matchers; what is left out is refused by name, never guessed.

import { type Node, parsePattern, Refused, type Test } from './pattern-syntax.ts'

export interface Pattern {
  readonly source: string
  /** Fully anchored, as in Prometheus: `foo` matches `foo` and not `foobar`. */
  readonly matches: (text: string) => boolean
}

export type PatternReading =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly detail: string }

const longestPattern = 1_000
// 2,000 instructions over a label value of 2,048 characters are 4 million steps, about 20 ms, at the very worst.
const mostInstructions = 2_000
const tooLarge = 'The pattern is too large once its repetitions are written out.'

type Instruction =
  | { kind: 'test'; readonly test: Test }
  | { kind: 'edge'; readonly at: 'start' | 'end' }
  | { kind: 'fork'; to: number[] }
  | { kind: 'match' }

export function readPattern(source: string): PatternReading {
  if (source.length > longestPattern)
    return { ok: false, detail: `A pattern has at most ${longestPattern} characters.` }
  try {
    const program = compile(parsePattern(source))
    return { ok: true, pattern: { source, matches: (text) => run(program, text) } }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, detail: error.message }
    throw error
  }
}

function compile(tree: Node): readonly Instruction[] {
  const program: Instruction[] = []
  const push = (instruction: Instruction): number => {
    if (program.length >= mostInstructions) throw new Refused(tooLarge)
    return program.push(instruction) - 1
  }
  const fork = (): number[] => {
    const to: number[] = []
    push({ kind: 'fork', to })
    return to
  }
  let written = 0
  const emit = (node: Node): void => {
    // An empty group repeated a thousand times a thousand times writes nothing and takes forever.
    written += 1
    if (written > 20 * mostInstructions) throw new Refused(tooLarge)
    switch (node.kind) {
      case 'test':
      case 'edge':
        push(node)
        return
      case 'all':
        for (const each of node.of) emit(each)
        return
      case 'any': {
        const choice = fork()
        const ends: number[][] = []
        for (const each of node.of) {
          choice.push(program.length)
          emit(each)
          ends.push(fork())
        }
        for (const end of ends) end.push(program.length)
        return
      }
      case 'repeat': {
        for (let count = 0; count < node.least; count += 1) emit(node.of)
        if (node.most === null) {
          const start = program.length
          const choice = fork()
          choice.push(program.length)
          emit(node.of)
          fork().push(start)
          choice.push(program.length)
          return
        }
        const exits: number[][] = []
        for (let count = node.least; count < node.most; count += 1) {
          const choice = fork()
          choice.push(program.length)
          exits.push(choice)
          emit(node.of)
        }
        for (const exit of exits) exit.push(program.length)
      }
    }
  }
  emit(tree)
  push({ kind: 'match' })
  return program
}

function run(program: readonly Instruction[], text: string): boolean {
  const points = [...text]
  const seen = new Int32Array(program.length).fill(-1)
  let current: number[] = []
  const add = (list: number[], first: number, at: number): boolean => {
    const pending = [first]
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      const instruction = program[place]
      if (instruction === undefined || seen[place] === at) continue
      seen[place] = at
      if (instruction.kind === 'match') {
        if (at === points.length) return true
      } else if (instruction.kind === 'fork') pending.push(...instruction.to)
      else if (instruction.kind === 'test') list.push(place)
      else if (at === (instruction.at === 'start' ? 0 : points.length)) pending.push(place + 1)
    }
    return false
  }
  if (add(current, 0, 0)) return true
  for (const [index, character] of points.entries()) {
    if (current.length === 0) return false
    const point = character.codePointAt(0) ?? 0
    const next: number[] = []
    let matched = false
    for (const place of current) {
      const instruction = program[place]
      if (instruction?.kind === 'test' && instruction.test(point)) matched = add(next, place + 1, index + 1) || matched
    }
    if (matched) return true
    current = next
  }
  return false
}
