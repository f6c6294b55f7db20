// Time in which nothing is broken. A promise to be quick holds for calm time: what breaks stops the clock of the promise
// and does not end it, so that a page that is lost is found however much is broken meanwhile.

export class Calm {
  private readonly windows: { from: number; to: number }[] = []

  /** Told in the order of time, at the latest when it begins. */
  excuse(from: number, to: number): void {
    const last = this.windows.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else this.windows.push({ from, to })
  }

  between(from: number, to: number): number {
    let calm = to - from
    for (let index = this.windows.length - 1; index >= 0; index -= 1) {
      const window = this.windows[index]
      if (window === undefined || window.to <= from) break
      calm -= Math.max(0, Math.min(window.to, to) - Math.max(window.from, from))
    }
    return calm
  }
}
