// The world of one command: its streams, environment and clock. Tests hand in their own; main.ts hands in the process.

export interface Sink {
  write(text: string): void
  readonly terminal: boolean
  readonly colour: boolean
  /** Of the terminal; unlimited when there is none, so that nothing is cut for a script. */
  readonly columns: number
}

export interface Input {
  /** A person is there to answer. */
  readonly terminal: boolean
  readAll(): Promise<string>
  /** Asks on stderr, so that stdout stays data. `hidden` shows nothing of the answer. */
  ask(question: string, hidden: boolean): Promise<string>
}

export interface Shell {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: Sink
  readonly err: Sink
  readonly input: Input
  readonly version: string
  /** IANA name; times are shown in it. */
  readonly zone: string
  readonly now: () => number
  readonly home: string
  readonly folder: string
}
