// A state is a shape and a word; colour only repeats it.
import './state-mark.css'

export const tones = ['critical', 'warning', 'ok', 'info', 'silenced', 'unknown'] as const
export type Tone = (typeof tones)[number]

const shapes: Readonly<Record<Tone, React.ReactNode>> = {
  critical: <path d="M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5Z" fill="currentColor" />,
  warning: <path d="M8 1.75 15 14.25H1Z" fill="currentColor" />,
  ok: <path d="m2.5 8.5 3.5 4 7.5-9" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 7.25V11.5M8 4.5v.01" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
    </>
  ),
  silenced: (
    <path
      d="M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11L4 11ZM2 2l12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
    />
  ),
  unknown: (
    <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.75" strokeDasharray="3 2.4" />
  ),
}
const words: Readonly<Record<Tone, string>> = {
  critical: 'Critical',
  warning: 'Warning',
  ok: 'OK',
  info: 'Info',
  silenced: 'Silenced',
  unknown: 'No data',
}

export function StateShape({ tone, size = 14 }: { tone: Tone; size?: number }) {
  return (
    <svg
      className={`state-shape tone-${tone}`}
      data-tone={tone}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[tone]}
    </svg>
  )
}

export function StateMark({ tone, word, strong }: { tone: Tone; word?: string; strong?: boolean }) {
  return (
    <span className={strong === true ? 'state-mark strong' : 'state-mark'}>
      <StateShape tone={tone} />
      <span>{word ?? words[tone]}</span>
    </span>
  )
}
