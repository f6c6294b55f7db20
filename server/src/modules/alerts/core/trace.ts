// The trace of a decision: every rule that was asked, what it said and why. Shown to people, kept with the alert.

export interface Asked {
  readonly rule: string
  readonly verdict: string
  readonly because: string
}

export type Trace = readonly Asked[]

export function asked(rule: string, verdict: string, because: string): Asked {
  return { rule, verdict, because }
}
