// How long something took, or is old: milliseconds that never go back. Never an instant; due times are the database's.
export function monotonicMs(): number {
  return performance.now()
}
