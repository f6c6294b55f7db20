// Our own drawings on a 16 px grid, 1.5 px strokes. Decoration only: the word stands beside them.
import type { ReactNode } from 'react'

const shapes = {
  overview: <path d="M2.5 8.5 8 3l5.5 5.5M4 7.5V13h8V7.5M8 13V9.5" />,
  services: (
    <>
      <rect x="2.5" y="2.5" width="4.5" height="4.5" />
      <rect x="9" y="9" width="4.5" height="4.5" />
      <path d="M7 4.75h4.25V9M4.75 7v4.25H9" />
    </>
  ),
  objectives: (
    <>
      <path d="M2.5 13.5h11M2.5 3c2 0 3 1.5 4.5 4s3 3.5 6.5 3.5" />
      <path d="M2.5 2.5v11" />
    </>
  ),
  journeys: (
    <path d="M3.5 13a1.25 1.25 0 1 0 0-.01M12.5 3.5a1.25 1.25 0 1 0 0-.01M5 13h5a2.5 2.5 0 0 0 0-5H6a2.5 2.5 0 0 1 0-5h5" />
  ),
  policies: <path d="M8 1.75 13 4v4c0 3-2 5-5 6.25C5 13 3 11 3 8V4ZM5.75 8.25 7.5 10l3-3.5" />,
  alerts: <path d="M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11L4 11ZM6.5 14h3" />,
  incidents: <path d="M3.5 14V2.5M3.5 3h8.5l-2 2.75L12 8.5H3.5" />,
  workflows: <path d="M2.5 2.5h4v4h-4ZM9.5 9.5h4v4h-4ZM6.5 4.5h3a2 2 0 0 1 2 2v3" />,
  learning: <path d="M5.5 10.5a4 4 0 1 1 5 0V12h-5ZM6 14h4" />,
  oncall: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 4.5V8l2.5 1.75" />
    </>
  ),
  status: <path d="M1.5 8.5H4l2-5 3.5 9 2-4h3" />,
  apply: <path d="M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4M9 3 7 13" />,
  probes: (
    <path d="M8 8h.01M5.2 10.8a4 4 0 0 1 0-5.6M10.8 5.2a4 4 0 0 1 0 5.6M3 13a7 7 0 0 1 0-10M13 3a7 7 0 0 1 0 10" />
  ),
  coverage: <path d="M2.5 2.5h4v4h-4ZM9.5 2.5h4v4h-4ZM2.5 9.5h4v4h-4ZM9.5 11.5l1.5 2 3-4" />,
  maintenance: <path d="M2.5 4h11v9.5h-11ZM2.5 6.5h11M5.5 2.5v2M10.5 2.5v2M5 9.5h3M5 11.5h6" />,
  intake: <path d="M8 2v7M5 6.5 8 9.5l3-3M2.5 9.5v4h11v-4" />,
  journal: <path d="M4 2.5h8.5v11H4a1.5 1.5 0 0 1 0-3h8.5M2.5 12V4A1.5 1.5 0 0 1 4 2.5M5.5 5.5H10" />,
  settings: (
    <>
      <path d="M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6" />
      <circle cx="10" cy="5" r="1.5" />
      <circle cx="6" cy="11" r="1.5" />
    </>
  ),
  demo: <path d="M2.5 6.5 3.5 3h9l1 3.5M3.5 7v6.5h9V7M2.5 6.5c0 2 3.5 2 3.5 0 0 2 4 2 4 0 0 2 3.5 2 3.5 0" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.75" />
      <path d="M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1" />
    </>
  ),
  moon: <path d="M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5Z" />,
  more: <path d="M3 8h.01M8 8h.01M13 8h.01" strokeWidth="2.5" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" />
      <path d="M3.5 10.5h-1v-8h8v1" />
    </>
  ),
  right: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  down: <path d="M3.5 6 8 10.5 12.5 6" />,
  up: <path d="M3.5 10 8 5.5l4.5 4.5" />,
  user: <path d="M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8ZM2.5 14c.5-2.5 2.75-4 5.5-4s5 1.5 5.5 4" />,
  mail: <path d="M2 4h12v8.5H2zM2 4.5 8 9l6-4.5" />,
} satisfies Readonly<Record<string, ReactNode>>

export type IconName = keyof typeof shapes

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[name]}
    </svg>
  )
}

/** A mast and the stay that holds it. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true" focusable="false">
      <path d="M13 2v14" stroke="currentColor" strokeWidth="2.25" strokeLinecap="round" />
      <path d="M13 3 3 16" stroke="var(--accent)" strokeWidth="2.25" strokeLinecap="round" />
      <path d="M2 18.25h16" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
    </svg>
  )
}
