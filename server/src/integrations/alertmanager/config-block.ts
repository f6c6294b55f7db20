// One map of a YAML file, read field by field; whatever is wrong is noted with the line it stands on.
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'
import { nearest } from '../../kernel/names.ts'

export interface ConfigFault {
  /** 1 is the first line. */
  readonly line: number
  readonly detail: string
}

export class Faults {
  readonly all: ConfigFault[] = []
}

const millisecondsOf: Readonly<Record<string, number>> = {
  ...{ y: 365 * 86_400_000, w: 7 * 86_400_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 },
}

export class Block {
  readonly #node: Node | null
  readonly #document: Document
  readonly #lines: LineCounter
  readonly #faults: Faults
  readonly #name: string

  constructor(node: Node | null, document: Document, lines: LineCounter, faults: Faults, name: string) {
    this.#node = isAlias(node) ? (node.resolve(document) ?? null) : node
    this.#document = document
    this.#lines = lines
    this.#faults = faults
    this.#name = name
  }

  get isMap(): boolean {
    return isMap(this.#node)
  }
  get line(): number {
    return this.#lineOf(this.#node)
  }
  get keys(): readonly string[] {
    return isMap(this.#node) ? this.#node.items.map((pair) => String(isScalar(pair.key) ? pair.key.value : '')) : []
  }
  /** A key with nothing after it is as good as none. */
  has(key: string): boolean {
    const node = this.#at(key)
    return node !== null && !(isScalar(node) && node.value === null)
  }
  lineOf(key: string): number {
    const pair = isMap(this.#node)
      ? this.#node.items.find((each) => isScalar(each.key) && each.key.value === key)
      : undefined
    return pair === undefined ? this.line : this.#lineOf(pair.key as Node)
  }
  fault(detail: string, key?: string): void {
    this.#faults.all.push({ line: key === undefined ? this.line : this.lineOf(key), detail })
  }
  allow(keys: readonly string[]): void {
    if (!this.isMap) this.fault(`${this.#name} is no map of settings.`)
    for (const key of this.keys) {
      if (keys.includes(key)) continue
      const near = nearest(key, keys)
      this.fault(`There is no field ${key} here.${near === null ? '' : ` Did you mean ${near}?`}`, key)
    }
  }
  block(key: string): Block | null {
    return this.has(key) ? this.#child(this.#at(key), key) : null
  }
  list(key: string): readonly Block[] {
    if (!this.has(key)) return []
    const node = this.#at(key)
    if (!isSeq(node)) {
      this.fault(`${key} is a list.`, key)
      return []
    }
    return node.items.map((item) => this.#child(item as Node, key))
  }
  /** Null when it is not there. */
  text(key: string): string | null {
    if (!this.has(key)) return null
    const node = this.#at(key)
    if (!isScalar(node) || typeof node.value === 'object') {
      this.fault(`${key} is a text.`, key)
      return null
    }
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
  }
  texts(key: string): readonly string[] {
    if (!this.has(key)) return []
    const node = this.#at(key)
    if (!isSeq(node)) {
      this.fault(`${key} is a list of texts.`, key)
      return []
    }
    return node.items.flatMap((item) => {
      if (isScalar(item) && typeof item.value !== 'object')
        return [typeof item.value === 'string' ? item.value : (item.source ?? String(item.value))]
      this.fault(`${key} is a list of texts.`, key)
      return []
    })
  }
  /** Name and text; a name without a text is a mistake. */
  pairs(key: string): readonly (readonly [string, string])[] {
    const inner = this.block(key)
    if (inner === null) return []
    return inner.keys.flatMap((name) => {
      const value = inner.text(name)
      if (value === null) inner.fault(`${name} has no value.`, name)
      return value === null ? [] : [[name, value] as const]
    })
  }
  flag(key: string): boolean {
    const text = this.text(key)
    if (text !== null && text !== 'true' && text !== 'false') this.fault(`${key} is true or false.`, key)
    return text === 'true'
  }
  /** As Prometheus writes them: `1h30m`, `5m`, `0`. */
  duration(key: string): number | null {
    const text = this.text(key)
    if (text === null) return null
    if (text === '0') return 0
    if (!/^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/.test(text) || text === '') {
      this.fault(`${key}: "${text}" is no duration such as 5m.`, key)
      return null
    }
    return [...text.matchAll(/(\d+)(ms|[ywdhms])/g)].reduce(
      (sum, [, amount, unit]) => sum + Number(amount) * (millisecondsOf[unit ?? ''] ?? 0),
      0,
    )
  }

  #child(node: Node | null, name: string): Block {
    return new Block(node, this.#document, this.#lines, this.#faults, name)
  }
  #at(key: string): Node | null {
    if (!isMap(this.#node)) return null
    const node = this.#node.get(key, true) as Node | undefined
    return node === undefined ? null : isAlias(node) ? (node.resolve(this.#document) ?? null) : node
  }
  #lineOf(node: Node | null): number {
    const at = node?.range?.[0]
    return at === undefined ? 1 : this.#lines.linePos(at).line
  }
}
