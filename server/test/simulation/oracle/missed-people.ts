// Who was said to be missed, and whether everything had been tried when it was said.
export class MissedPeople {
  /** True when every contact that worked then was tried: one that comes later is told of the next page. */
  private readonly said = new Map<string, boolean>()

  say(page: string, person: string, byAll: boolean): void {
    const key = `${page}/${person}`
    this.said.set(key, byAll || this.said.get(key) === true)
  }

  has(page: string | null, person: string): boolean {
    return this.said.has(`${page}/${person}`)
  }

  hasTriedAll(page: string | null, person: string): boolean {
    return this.said.get(`${page}/${person}`) === true
  }

  trim(): void {
    if (this.said.size > 20_000) this.said.clear()
  }
}
